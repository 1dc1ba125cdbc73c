import { Box, Tab, Tabs, Typography } from '@mui/material';
import { useState } from 'react';
import { DataTable, ExportButton, List, TopToolbar } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { inWords } from '../common/StateChip.tsx';
import type { Import, ImportRow } from './imports.ts';

const actions = (
  <TopToolbar>
    <ExportButton label="Export CSV" />
  </TopToolbar>
);

const exporter = csvExporter<ImportRow>('import-report', {
  line: ({ line }) => line,
  state: ({ state }) => state,
  outcome: ({ outcome }) => outcome,
  reason: ({ reason }) => reason,
  row: ({ row }) => JSON.stringify(row),
});

/** The report: what becomes of each line and why, the refused ones first. */
export function ImportRows({ id: importId, rowsRefused }: Import) {
  const [shows, setShows] = useState<'REFUSED' | 'ALL'>(rowsRefused > 0 ? 'REFUSED' : 'ALL');
  return (
    <Box component="section" aria-label="Report" sx={{ mt: 2 }}>
      <Tabs value={shows} onChange={(_event, value) => setShows(value as typeof shows)} aria-label="Lines to show">
        <Tab value="REFUSED" label={`Refused lines (${rowsRefused})`} />
        <Tab value="ALL" label="All lines" />
      </Tabs>
      <List
        key={shows}
        resource="importRows"
        filter={shows === 'ALL' ? { importId } : { importId, state: shows }}
        disableSyncWithLocation
        storeKey={false}
        perPage={25}
        exporter={exporter}
        actions={actions}
        empty={false}
      >
        <DataTable<ImportRow>
          rowClick={false}
          bulkActionButtons={false}
          empty={<EmptyState title={shows === 'REFUSED' ? 'No line was refused' : 'There are no lines'} />}
        >
          <DataTable.NumberCol source="line" label="Line" disableSort />
          <DataTable.Col label="What it says" disableSort render={({ row }: ImportRow) => <Cells row={row} />} />
          <DataTable.Col label="Becomes" disableSort render={(row: ImportRow) => fate(row)} />
          <DataTable.Col label="Why" disableSort render={({ reason }) => reason ?? '–'} />
        </DataTable>
      </List>
    </Box>
  );
}

const fate = ({ state, outcome }: ImportRow) => (state === 'REFUSED' ? 'Refused' : outcome ? inWords(outcome) : '–');

const CELLS_MOST = 4;

function Cells({ row }: { row: unknown }) {
  const cells = Object.entries((row ?? {}) as Record<string, string>).filter(([, value]) => value);
  return (
    <Typography variant="body2" sx={{ overflowWrap: 'anywhere', maxWidth: '26rem' }}>
      {cells
        .slice(0, CELLS_MOST)
        .map(([name, value]) => `${name}: ${value.slice(0, 60)}`)
        .join(' · ')}
    </Typography>
  );
}
