import { Box, Tab, Tabs, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useState } from 'react';
import { DataTable, ExportButton, List, SimpleList, TopToolbar } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { inWords } from '../common/StateChip.tsx';
import type { Import, ImportRow } from './imports.ts';

const EXPORT_MOST = 10_000;
const actions = (
  <TopToolbar>
    <ExportButton label="Export CSV" maxResults={EXPORT_MOST} />
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
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  const empty = <EmptyState title={shows === 'REFUSED' ? 'No line was refused' : 'There are no lines'} />;
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
        {isNarrow ? (
          <SimpleList<ImportRow>
            primaryText={({ line }) => `Line ${line}`}
            secondaryText={(row) => <ReportLine {...row} />}
            rowClick={false}
            empty={empty}
          />
        ) : (
          <DataTable<ImportRow> rowClick={false} bulkActionButtons={false} empty={empty}>
            <DataTable.NumberCol source="line" label="Line" disableSort />
            <DataTable.Col label="What it says" disableSort render={({ row }: ImportRow) => <Cells row={row} />} />
            <DataTable.Col label="Becomes" disableSort render={(row: ImportRow) => fate(row)} />
            <DataTable.Col label="Why" disableSort render={({ reason }) => reason ?? '–'} />
          </DataTable>
        )}
      </List>
    </Box>
  );
}

const ReportLine = (row: ImportRow) => (
  <Box component="span" sx={{ display: 'block' }}>
    <Cells row={row.row} />
    <Typography variant="body2" component="span" color="textPrimary">
      {[fate(row), row.reason].filter(Boolean).join(': ')}
    </Typography>
  </Box>
);

const fate = ({ state, outcome }: ImportRow) => (state === 'REFUSED' ? 'Refused' : outcome ? inWords(outcome) : '–');

const CELLS_MOST = 4;

function Cells({ row }: { row: unknown }) {
  const cells = Object.entries((row ?? {}) as Record<string, string>).filter(([, value]) => value);
  return (
    <Typography variant="body2" component="span" sx={{ display: 'block', overflowWrap: 'anywhere', maxWidth: '26rem' }}>
      {cells
        .slice(0, CELLS_MOST)
        .map(([name, value]) => `${name}: ${value.slice(0, 60)}`)
        .join(' · ')}
    </Typography>
  );
}
