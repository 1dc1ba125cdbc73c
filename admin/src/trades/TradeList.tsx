import { Typography, useMediaQuery, type Theme } from '@mui/material';
import { DataTable, SearchInput, SelectInput, SimpleList, TextInput } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { dateInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { choicesOf, inWords, StateChip } from '../common/StateChip.tsx';
import { priceInWords, tradeState, type TradeRow } from './trades.ts';

const STATES = [
  ...['PROPOSED', 'AGREED', 'DELIVERED', 'COMPLETED', 'DECLINED'],
  ...['CANCELLED', 'EXPIRED', 'DISPUTED', 'RESOLVED'],
];
const filters = [
  <SearchInput key="title" source="title" placeholder="Search titles" alwaysOn />,
  <SelectInput key="state" source="state" label="State" choices={choicesOf(STATES)} alwaysOn />,
  <TextInput key="memberName" source="memberName" label="Member" />,
];

const exporter = csvExporter<TradeRow>('trades', {
  title: ({ title }) => title,
  state: ({ state }) => state,
  buyer: ({ buyer }) => buyer.displayName,
  provider: ({ provider }) => provider.displayName,
  terms: ({ terms }) => terms.terms,
  price: ({ terms }) => terms.price?.amount,
  global_price: ({ terms }) => moneyInWords(terms.globalPrice),
  paid: ({ paid }) => paid?.amount,
  currency: ({ paid, terms }) => (paid ?? terms.price)?.currencyCode,
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
  undone_at: ({ undoneAt }) => undoneAt,
});

export function TradeList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader title="Trades" help="What members have agreed with each other, in every state." />
      <RecordList filters={filters} sort={{ field: 'createdAt', order: 'DESC' }} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<TradeRow>
            primaryText={({ title }) => title}
            secondaryText={({ buyer, provider }) => `${buyer.displayName} buys from ${provider.displayName}`}
            tertiaryText={(trade) => <StateChip state={tradeState(trade)} />}
            rowClick="show"
            empty={<NoTrades />}
          />
        ) : (
          <DataTable<TradeRow> rowClick="show" bulkActionButtons={false} empty={<NoTrades />}>
            <DataTable.Col label="Title" disableSort render={({ title }) => <RowTitle>{title}</RowTitle>} />
            <DataTable.Col label="Buyer" disableSort render={({ buyer }) => buyer.displayName} />
            <DataTable.Col label="Provider" disableSort render={({ provider }) => provider.displayName} />
            <DataTable.Col label="Terms" disableSort render={({ terms }) => inWords(terms.terms)} />
            <DataTable.Col label="Price" disableSort render={({ terms }) => priceInWords(terms)} />
            <DataTable.Col align="right" source="paid" label="Paid" render={({ paid }) => moneyInWords(paid) || '–'} />
            <DataTable.Col
              label="State"
              disableSort
              render={(trade: TradeRow) => <StateChip state={tradeState(trade)} />}
            />
            <DataTable.Col
              source="createdAt"
              label="Proposed"
              cellClassName="moment"
              render={({ createdAt }) => dateInWords(createdAt)}
            />
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

const RowTitle = ({ children }: { children: string }) => (
  <Typography variant="body2" sx={{ fontWeight: 600, minWidth: '11rem', overflowWrap: 'anywhere' }}>
    {children}
  </Typography>
);

const NoTrades = () => (
  <EmptyState title="No trades here">
    Nothing fits these filters. Members propose trades to each other in their frontend.
  </EmptyState>
);
