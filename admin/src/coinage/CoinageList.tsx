import { Box, useMediaQuery, type Theme } from '@mui/material';
import { BooleanInput, DataTable, SearchInput, SimpleList } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { dateInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { amountInWords, moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { CoinageReport } from './CoinageReport.tsx';
import type { CoinageRow } from './coinage.ts';
import { FounderButton, Holder } from './Founder.tsx';
import { GrantButton } from './GrantButton.tsx';

const filters = [
  <SearchInput key="memberName" source="memberName" placeholder="Search names" alwaysOn />,
  <BooleanInput key="hasMinted" source="hasMinted" label="Has earned new coins" />,
];
const exporter = csvExporter<CoinageRow>('coinage', {
  member: ({ member }) => member.displayName,
  granted: ({ granted }) => granted.amount,
  minted: ({ minted }) => minted.amount,
  pending: ({ pending }) => pending.amount,
  voided: ({ voided }) => voided.amount,
  expired: ({ expired }) => expired.amount,
  remaining: ({ remaining }) => remaining.amount,
  expires_at: ({ expiresAt }) => expiresAt,
});

const untilInWords = ({ expiresAt }: CoinageRow) => (expiresAt ? dateInWords(expiresAt) : 'for ever');

/** Who may earn new coins, and what became of it. */
export function CoinageList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader title="Coinage" help="Coins earmarked for members, minted when they sell to established ones." />
      <CoinageReport />
      <RecordList filters={filters} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<CoinageRow>
            primaryText={() => <Holder />}
            secondaryText={(row) => (
              <>
                {`${amountInWords(row.remaining)} of ${moneyInWords(row.granted)} remain${row.expiresAt ? ` until ${dateInWords(row.expiresAt)}` : ''}`}
                <Box component="span" sx={{ display: 'flex', flexWrap: 'wrap', ml: -0.5 }}>
                  <GrantButton />
                  <FounderButton />
                </Box>
              </>
            )}
            rowClick={false}
            empty={<NoGrants />}
          />
        ) : (
          <DataTable<CoinageRow> rowClick={false} bulkActionButtons={false} empty={<NoGrants />}>
            <DataTable.Col label="Member" disableSort>
              <Holder />
            </DataTable.Col>
            {SUMS.map((sum) => (
              <DataTable.Col<CoinageRow>
                key={sum}
                align="right"
                label={`${sum.charAt(0).toUpperCase()}${sum.slice(1)}`}
                disableSort
                render={(row) => amountInWords(row[sum])}
              />
            ))}
            <DataTable.Col label="Until" disableSort cellClassName="moment" render={untilInWords} />
            <DataTable.Col label="" disableSort cellClassName="acts">
              <Box sx={{ display: 'flex', justifyContent: 'flex-end' }}>
                <GrantButton />
                <FounderButton />
              </Box>
            </DataTable.Col>
          </DataTable>
        )}
      </RecordList>
    </>
  );
}
const SUMS = ['granted', 'minted', 'pending', 'voided', 'expired', 'remaining'] as const;

const NoGrants = () => (
  <EmptyState title="No grants yet">Members get a grant when they are admitted, as the policies say.</EmptyState>
);
