import { Typography, useMediaQuery, type Theme } from '@mui/material';
import { DataTable, DateField, SearchInput, SelectInput, SimpleList } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { WholeExport } from '../common/WholeExport.tsx';
import { choicesOf, inWords, StateChip } from '../common/StateChip.tsx';
import { CategoryInput } from '../categories/CategoryInput.tsx';
import { ListingActs } from './ListingActs.tsx';
import type { ListingRow } from './listings.ts';

const STATES = ['DRAFT', 'PUBLISHED', 'PAUSED', 'EXPIRED', 'FULFILLED', 'WITHDRAWN', 'HIDDEN'];

const filters = [
  <SearchInput key="title" source="title" placeholder="Search titles" alwaysOn />,
  <SelectInput key="kind" source="kind" label="Kind" choices={choicesOf(['OFFER', 'WANT'])} alwaysOn />,
  <SelectInput key="state" source="state" label="State" choices={choicesOf(STATES)} alwaysOn />,
  <CategoryInput key="categoryId" source="categoryId" label="Category" />,
];

const exporter = csvExporter<ListingRow>('listings', {
  kind: ({ kind }) => kind,
  state: ({ state }) => state,
  title: ({ title }) => title,
  member: ({ member }) => member.displayName,
  category: ({ category }) => category?.name,
  price: ({ price }) => price?.amount,
  currency: ({ price }) => price?.currencyCode,
  published_at: ({ publishedAt }) => publishedAt,
  expires_at: ({ expiresAt }) => expiresAt,
  hidden_reason: ({ hiddenReason }) => hiddenReason,
});

export function ListingList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader
        title="Listings"
        help="Everything members offer and want, in every state. Open one to read it in full."
      >
        <WholeExport of="listings" />
      </PageHeader>
      <RecordList filters={filters} sort={{ field: 'createdAt', order: 'DESC' }} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<ListingRow>
            primaryText={({ title }) => title}
            secondaryText={({ kind, member }) => `${inWords(kind)} by ${member.displayName}`}
            tertiaryText={({ state }) => <StateChip state={state} />}
            rowClick="show"
            empty={<NoListings />}
          />
        ) : (
          <DataTable<ListingRow> rowClick="show" bulkActionButtons={false} empty={<NoListings />}>
            <DataTable.Col source="title" label="Title" render={({ title }) => <RowTitle>{title}</RowTitle>} />
            <DataTable.Col source="kind" label="Kind" render={({ kind }) => inWords(kind)} />
            <DataTable.Col label="Member" disableSort render={({ member }) => member.displayName} />
            <DataTable.Col label="Category" disableSort render={({ category }) => category?.name ?? '–'} />
            <DataTable.Col source="state" label="State" render={({ state }) => <StateChip state={state} />} />
            <DataTable.Col source="publishedAt" label="Published">
              <DateField source="publishedAt" emptyText="–" />
            </DataTable.Col>
            <DataTable.Col label="" disableSort cellClassName="acts">
              <ListingActs />
            </DataTable.Col>
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

const NoListings = () => (
  <EmptyState title="No listings here">
    Nothing fits these filters. Members add offers and wants in their frontend; an import brings many at once.
  </EmptyState>
);
