import RevokeIcon from '@mui/icons-material/Undo';
import { DataTable, SelectInput, useDataProvider, useRecordContext } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { csvExporter } from '../common/csv.ts';
import { momentInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { AwardButton } from './AwardButton.tsx';
import { causes, type Award } from './karma.ts';

const choices = Object.entries(causes).map(([id, name]) => ({ id, name }));
const filters = [<SelectInput key="cause" source="cause" label="For" choices={choices} alwaysOn />];
const exporter = csvExporter<Award>('karma', {
  awarded_at: ({ awardedAt }) => awardedAt,
  member: ({ member }) => member.displayName,
  cause: ({ cause }) => cause,
  points: ({ points }) => points,
  reason: ({ reason }) => reason,
  awarded_by: ({ awardedBy }) => awardedBy?.displayName,
});

/** What was given for helping the community. */
export const KarmaList = () => (
  <>
    <PageHeader title="Karma" help="Points for what helps the community, where the policies say that it plays.">
      <AwardButton />
    </PageHeader>
    <RecordList filters={filters} exporter={exporter}>
      <DataTable<Award>
        rowClick={false}
        bulkActionButtons={false}
        empty={<EmptyState title="No points yet">They come by themselves, and you can give some for work.</EmptyState>}
      >
        <DataTable.Col label="When" disableSort render={({ awardedAt }) => momentInWords(awardedAt)} />
        <DataTable.Col label="Who" disableSort render={({ member }) => member.displayName} />
        <DataTable.Col label="For" disableSort render={({ cause }: Award) => causes[cause]} />
        <DataTable.NumberCol label="Points" source="points" disableSort />
        <DataTable.Col label="Why" disableSort render={({ reason }) => reason || '–'} />
        <DataTable.Col label="By" disableSort render={({ awardedBy }) => awardedBy?.displayName ?? 'by itself'} />
        <DataTable.Col label="" disableSort cellClassName="acts">
          <Revoke />
        </DataTable.Col>
      </DataTable>
    </RecordList>
  </>
);

function Revoke() {
  const award = useRecordContext<Award>();
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('karmaAward');
  if (!award) return null;
  return (
    <ActButton
      label="Take back"
      icon={<RevokeIcon />}
      color="error"
      variant="text"
      question="Take these points back?"
      explanation={`${award.member.displayName} loses ${award.points} points.`}
      reason="required"
      disabledBecause={award.awardedBy ? refusal : 'What came by itself goes with its cause.'}
      run={(reason) => dataProvider.revokeKarma({ awardId: award.id, reason })}
      done="The points are taken back."
    />
  );
}
