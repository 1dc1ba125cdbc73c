import { Box, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { BooleanInput, DataTable, SearchInput, SelectInput, SimpleList, useDataProvider } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { choicesOf } from '../common/StateChip.tsx';
import type { KithDataProvider } from '../dataProvider.ts';
import { ownerInWords, type AccountRow } from './accounts.ts';

const filters = [
  <SearchInput key="memberName" source="memberName" placeholder="Search names" alwaysOn />,
  <SelectInput
    key="kind"
    source="kind"
    label="Kind"
    choices={choicesOf(['MEMBER', 'TREASURY', 'ISSUANCE', 'CLEARING'])}
    alwaysOn
  />,
  <BooleanInput key="inArrears" source="inArrears" label="Less than nothing available" />,
];
const exporter = csvExporter<AccountRow>('accounts', {
  owner: ownerInWords,
  kind: ({ kind }) => kind,
  currency: ({ currencyCode }) => currencyCode,
  balance: ({ balance }) => balance.amount,
  reserved: ({ reserved }) => reserved.amount,
  available: ({ available }) => available.amount,
  credit_limit: ({ creditLimit }) => creditLimit.amount,
});

/** Every account of the community. */
export function AccountList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader title="Accounts" help="What everybody holds. All balances of a currency together are zero." />
      <Totals />
      <RecordList filters={filters} exporter={exporter} sort={{ field: 'balance', order: 'DESC' }}>
        {isNarrow ? (
          <SimpleList<AccountRow>
            primaryText={ownerInWords}
            secondaryText={({ balance, available }) =>
              `${moneyInWords(balance)} · ${moneyInWords(available)} available`
            }
            linkType="show"
            empty={<NoAccounts />}
          />
        ) : (
          <DataTable<AccountRow> rowClick="show" bulkActionButtons={false} empty={<NoAccounts />}>
            <DataTable.Col label="Whose" disableSort render={ownerInWords} />
            <DataTable.Col
              align="right"
              label="Balance"
              source="balance"
              render={({ balance }) => moneyInWords(balance)}
            />
            <DataTable.Col
              align="right"
              label="Reserved"
              disableSort
              render={({ reserved }) => moneyInWords(reserved)}
            />
            <DataTable.Col
              align="right"
              label="Available"
              disableSort
              render={({ available }) => moneyInWords(available)}
            />
            <DataTable.Col
              align="right"
              label="Credit limit"
              disableSort
              render={({ creditLimit }) => moneyInWords(creditLimit)}
            />
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

/** What each kind of account holds together. */
function Totals() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data } = useQuery({ queryKey: ['trialBalance'], queryFn: () => dataProvider.trialBalance() });
  if (!data?.length) return null;
  return (
    <Box
      component="section"
      aria-label="Totals"
      sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 4, rowGap: 1, mb: 1 }}
    >
      {data.map(({ kind, balance, accounts }) => (
        <Box key={`${kind} ${balance.currencyCode}`}>
          <Typography variant="overline" color="textSecondary" component="div" sx={{ lineHeight: 1.6 }}>
            {ownerInWords({ kind, member: null })}
            {kind === 'MEMBER' && `s: ${accounts}`}
          </Typography>
          <Typography sx={{ fontVariantNumeric: 'tabular-nums' }}>{moneyInWords(balance)}</Typography>
        </Box>
      ))}
    </Box>
  );
}

const NoAccounts = () => (
  <EmptyState title="No accounts here">An account is opened when somebody first pays or is paid.</EmptyState>
);
