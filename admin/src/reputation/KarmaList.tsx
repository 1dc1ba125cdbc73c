import RevokeIcon from '@mui/icons-material/Undo';
import { Box, useMediaQuery, type Theme } from '@mui/material';
import { DataTable, SelectInput, SimpleList, useDataProvider, useRecordContext } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { csvExporter } from '../common/csv.ts';
import { momentInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { AwardButton } from './AwardButton.tsx';
import { causes, pointsInWords, type Award } from './karma.ts';

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
export function KarmaList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader title="Karma" help="Points for what helps the community, where the policies say that it plays.">
        <AwardButton />
      </PageHeader>
      <RecordList filters={filters} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<Award>
            primaryText={({ member, points }) => `${member.displayName} · ${pointsInWords(points)}`}
            secondaryText={(award) => (
              <>
                {[causes[award.cause], momentInWords(award.awardedAt), award.reason].filter(Boolean).join(' · ')}
                {award.awardedBy && (
                  <Box component="span" sx={{ display: 'block', ml: -0.5 }}>
                    <Revoke />
                  </Box>
                )}
              </>
            )}
            rowClick={false}
            empty={<NoPoints />}
          />
        ) : (
          <DataTable<Award> rowClick={false} bulkActionButtons={false} empty={<NoPoints />}>
            <DataTable.Col
              label="When"
              disableSort
              cellClassName="moment"
              render={({ awardedAt }) => momentInWords(awardedAt)}
            />
            <DataTable.Col label="Who" disableSort render={({ member }) => member.displayName} />
            <DataTable.Col label="For" disableSort render={({ cause }: Award) => causes[cause]} />
            <DataTable.NumberCol label="Points" source="points" disableSort />
            <DataTable.Col label="Why" disableSort render={({ reason }) => reason || '–'} />
            <DataTable.Col label="By" disableSort render={({ awardedBy }) => awardedBy?.displayName ?? 'by itself'} />
            <DataTable.Col label="" disableSort cellClassName="acts">
              <Revoke />
            </DataTable.Col>
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

const NoPoints = () => (
  <EmptyState title="No points yet">They come by themselves, and you can give some for work.</EmptyState>
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
      explanation={`${award.member.displayName} loses ${pointsInWords(award.points)}.`}
      reason="required"
      disabledBecause={award.awardedBy ? refusal : 'What came by itself goes with its cause.'}
      run={(reason) => dataProvider.revokeKarma({ awardId: award.id, reason })}
      done="The points are taken back."
    />
  );
}
