import { useMediaQuery, type Theme } from '@mui/material';
import { DataTable, SelectInput, SimpleList, TextInput } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { dateInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { inWords, StateChip } from '../common/StateChip.tsx';
import { disputeState, UNDECIDED, type DisputeRow } from './trades.ts';

const choices = [
  { id: UNDECIDED, name: 'Waiting or appealed' },
  ...['OPEN', 'APPEALED', 'RESOLVED', 'CLOSED'].map((id) => ({ id, name: inWords(disputeState(id)) })),
];
const filters = [
  <SelectInput key="state" source="state" label="State" choices={choices} alwaysOn />,
  <TextInput key="memberName" source="memberName" label="Member" alwaysOn />,
];

const exporter = csvExporter<DisputeRow>('disputes', {
  trade: ({ trade }) => trade.title,
  state: ({ state }) => state,
  opened_by: ({ side }) => side,
  buyer: ({ trade }) => trade.buyer.displayName,
  provider: ({ trade }) => trade.provider.displayName,
  held: ({ trade }) => moneyInWords(trade.held),
  reason: ({ reason }) => reason,
  created_at: ({ createdAt }) => createdAt,
});
const toTrade = (_id: unknown, _resource: unknown, record: unknown) =>
  `/trades/${encodeURIComponent((record as DisputeRow).trade.id)}/show`;

export function DisputeList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader
        title="Disputes"
        help="Those that wait the longest come first. Open one to read both sides and decide."
      />
      <RecordList filters={filters} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<DisputeRow>
            primaryText={({ trade }) => trade.title}
            secondaryText={({ trade }) => `${trade.buyer.displayName} and ${trade.provider.displayName}`}
            tertiaryText={({ state }) => <StateChip state={disputeState(state)} />}
            rowClick={toTrade}
            empty={<NoDisputes />}
          />
        ) : (
          <DataTable<DisputeRow> rowClick={toTrade} bulkActionButtons={false} empty={<NoDisputes />}>
            <DataTable.Col label="Trade" disableSort render={({ trade }) => trade.title} />
            <DataTable.Col label="Buyer" disableSort render={({ trade }) => trade.buyer.displayName} />
            <DataTable.Col label="Provider" disableSort render={({ trade }) => trade.provider.displayName} />
            <DataTable.Col label="Opened by" disableSort render={({ side }) => inWords(side)} />
            <DataTable.Col
              align="right"
              label="Held"
              disableSort
              render={({ trade }) => moneyInWords(trade.held) || '–'}
            />
            <DataTable.Col
              label="State"
              disableSort
              render={({ state }) => <StateChip state={disputeState(state)} />}
            />
            <DataTable.Col
              label="Since"
              disableSort
              cellClassName="moment"
              render={({ createdAt }) => dateInWords(createdAt)}
            />
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

const NoDisputes = () => (
  <EmptyState title="No disputes here">Nothing fits these filters. A member opens a dispute from a trade.</EmptyState>
);
