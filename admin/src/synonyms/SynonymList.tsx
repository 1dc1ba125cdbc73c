import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import { Box, Chip } from '@mui/material';
import { DataTable, SearchInput, useDataProvider, useRecordContext } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { csvExporter } from '../common/csv.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { EditSynonyms } from './EditSynonyms.tsx';
import { NewSynonyms } from './NewSynonyms.tsx';
import type { SynonymSet } from './synonyms.ts';

const filters = [<SearchInput key="text" source="text" placeholder="Search words" alwaysOn />];
const exporter = csvExporter<SynonymSet>('synonyms', { terms: ({ terms }) => terms.join(', ') });

export const SynonymList = () => (
  <>
    <PageHeader title="Synonyms" help="Words that search and matching treat as equal in this community." />
    <NewSynonyms />
    <RecordList filters={filters} exporter={exporter}>
      <DataTable<SynonymSet>
        rowClick={false}
        bulkActionButtons={false}
        empty={
          <EmptyState title="No words yet">
            Where neighbours say “lift” and others “ride”, put both into one set.
          </EmptyState>
        }
      >
        <DataTable.Col label="Words" disableSort render={({ terms }) => <Words terms={terms} />} />
        <DataTable.Col label="" disableSort cellClassName="acts">
          <EditSynonyms />
          <Delete />
        </DataTable.Col>
      </DataTable>
    </RecordList>
  </>
);

const Words = ({ terms }: Pick<SynonymSet, 'terms'>) => (
  <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, py: 0.5 }}>
    {terms.map((term) => (
      <Chip key={term} size="small" variant="outlined" label={term} />
    ))}
  </Box>
);

function Delete() {
  const set = useRecordContext<SynonymSet>();
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('synonymsEdit');
  if (!set) return null;
  return (
    <ActButton
      label="Delete"
      icon={<DeleteIcon />}
      color="error"
      variant="text"
      question="Delete this set?"
      explanation={`${set.terms.join(', ')} are no longer equal for the search.`}
      disabledBecause={refusal}
      run={() => dataProvider.deleteSynonyms(set.id)}
      done="The set is deleted."
    />
  );
}
