import { useMediaQuery, type Theme } from '@mui/material';
import { DataTable, SelectInput, SimpleList } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { momentInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { choicesOf, inWords, StateChip } from '../common/StateChip.tsx';
import type { ImportSummary } from './imports.ts';
import { NewImport } from './NewImport.tsx';

const STATES = ['RECEIVING', 'CHECKING', 'CHECKED', 'APPLYING', 'DONE', 'REFUSED', 'CANCELLED'];
const filters = [<SelectInput key="state" source="state" label="State" choices={choicesOf(STATES)} alwaysOn />];

const exporter = csvExporter<ImportSummary>('imports', {
  file: ({ fileName }) => fileName,
  kind: ({ kind }) => kind,
  state: ({ state }) => state,
  lines: ({ rowsTotal }) => rowsTotal,
  created: ({ rowsCreated }) => rowsCreated,
  updated: ({ rowsUpdated }) => rowsUpdated,
  unchanged: ({ rowsUnchanged }) => rowsUnchanged,
  refused: ({ rowsRefused }) => rowsRefused,
  created_at: ({ createdAt }) => createdAt,
});

export function ImportList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader
        title="Imports"
        help="Members or listings from a CSV file. Lines are known again by their external id, so the same file can be sent again."
      >
        <NewImport />
      </PageHeader>
      <RecordList filters={filters} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<ImportSummary>
            primaryText={({ fileName }) => fileName}
            secondaryText={({ rowsTotal, createdAt }) => `${rowsTotal} lines, ${momentInWords(createdAt)}`}
            tertiaryText={({ state }) => <StateChip state={state} />}
            rowClick="show"
            empty={<NoImports />}
          />
        ) : (
          <DataTable<ImportSummary> rowClick="show" bulkActionButtons={false} empty={<NoImports />}>
            <DataTable.Col label="File" disableSort render={({ fileName }) => fileName} />
            <DataTable.Col label="Lines are" disableSort render={({ kind }) => inWords(kind)} />
            <DataTable.Col label="State" disableSort render={({ state }) => <StateChip state={state} />} />
            <DataTable.NumberCol source="rowsTotal" label="Lines" disableSort />
            <DataTable.NumberCol source="rowsCreated" label="New" disableSort />
            <DataTable.NumberCol source="rowsUpdated" label="Changed" disableSort />
            <DataTable.NumberCol source="rowsRefused" label="Refused" disableSort />
            <DataTable.Col label="Sent" disableSort render={({ createdAt }) => momentInWords(createdAt)} />
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

const NoImports = () => (
  <EmptyState title="Nothing was imported yet">
    Bring an existing directory: a CSV file of members first, then one of their offers and wants.
  </EmptyState>
);
