import VoidIcon from '@mui/icons-material/Undo';
import { BooleanInput, DataTable, useDataProvider, useRecordContext } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { csvExporter } from '../common/csv.ts';
import { momentInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import type { Mint } from './coinage.ts';

const filters = [<BooleanInput key="isVoided" source="isVoided" label="Undone" />];
const exporter = csvExporter<Mint>('mints', {
  minted_at: ({ mintedAt }) => mintedAt,
  provider: ({ provider }) => provider.displayName,
  buyer: ({ buyer }) => buyer.displayName,
  amount: ({ amount }) => amount.amount,
  currency: ({ amount }) => amount.currencyCode,
  voided_at: ({ voidedAt }) => voidedAt,
  void_reason: ({ voidReason }) => voidReason,
});

/** Every time new coins were made, and by which sale. */
export const MintList = () => (
  <>
    <PageHeader title="Mints" help="New coins, made when somebody with a grant sold something." />
    <RecordList filters={filters} exporter={exporter}>
      <DataTable<Mint>
        rowClick={false}
        bulkActionButtons={false}
        empty={<EmptyState title="No new coins yet">They are made when a newcomer sells.</EmptyState>}
      >
        <DataTable.Col label="When" disableSort render={({ mintedAt }) => momentInWords(mintedAt)} />
        <DataTable.Col label="Who sold" disableSort render={({ provider }) => provider.displayName} />
        <DataTable.Col label="Who bought" disableSort render={({ buyer }) => buyer.displayName} />
        <DataTable.Col
          label="Minted"
          disableSort
          render={({ amount: { amount, currencyCode } }) => `${amount} ${currencyCode}`}
        />
        <DataTable.Col
          label="Undone"
          disableSort
          render={({ voidedAt, voidReason }) => (voidedAt ? voidReason : '–')}
        />
        <DataTable.Col label="" disableSort cellClassName="acts">
          <Void />
        </DataTable.Col>
      </DataTable>
    </RecordList>
  </>
);

function Void() {
  const mint = useRecordContext<Mint>();
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('coinageVoid');
  if (!mint) return null;
  const { id: mintId, provider, amount } = mint;
  return (
    <ActButton
      label="Undo"
      icon={<VoidIcon />}
      color="error"
      variant="text"
      question="Undo this mint?"
      explanation={`${provider.displayName} gives ${amount.amount} ${amount.currencyCode} back, also where they were spent, and may earn them again. What the buyer paid stays paid.`}
      reason="required"
      disabledBecause={mint.voidedAt ? 'It was undone already.' : refusal}
      run={(reason) => dataProvider.voidMint({ mintId, reason })}
      done="The mint is undone."
    />
  );
}
