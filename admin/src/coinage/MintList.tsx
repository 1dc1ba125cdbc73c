import VoidIcon from '@mui/icons-material/Undo';
import { Box, useMediaQuery, type Theme } from '@mui/material';
import type { ReactNode } from 'react';
import { BooleanInput, DataTable, SimpleList, useDataProvider, useRecordContext } from 'react-admin';
import { Link } from 'react-router-dom';
import { ActButton } from '../common/ActButton.tsx';
import { csvExporter } from '../common/csv.ts';
import { momentInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
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
export function MintList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader title="Mints" help="New coins, made when somebody with a grant sold something." />
      <RecordList filters={filters} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<Mint>
            primaryText={({ amount, provider }) => `${moneyInWords(amount)} · ${provider.displayName}`}
            secondaryText={(mint) => (
              <>
                <TradeLink id={mint.tradeId}>{momentInWords(mint.mintedAt)}</TradeLink> · bought by{' '}
                {mint.buyer.displayName}
                {mint.voidedAt && ` · undone: ${mint.voidReason}`}
                <Box component="span" sx={{ display: 'block', ml: -0.5 }}>
                  <Void />
                </Box>
              </>
            )}
            rowClick={false}
            empty={<NoMints />}
          />
        ) : (
          <DataTable<Mint> rowClick={false} bulkActionButtons={false} empty={<NoMints />}>
            <DataTable.Col
              label="When"
              disableSort
              cellClassName="moment"
              render={({ mintedAt, tradeId }) => <TradeLink id={tradeId}>{momentInWords(mintedAt)}</TradeLink>}
            />
            <DataTable.Col label="Who sold" disableSort render={({ provider }) => provider.displayName} />
            <DataTable.Col label="Who bought" disableSort render={({ buyer }) => buyer.displayName} />
            <DataTable.Col align="right" label="Minted" disableSort render={({ amount }) => moneyInWords(amount)} />
            <DataTable.Col
              label="Undone"
              disableSort
              render={({ voidedAt, voidReason }) => (voidedAt ? voidReason : '–')}
            />
            <DataTable.Col label="" disableSort cellClassName="acts">
              <Void />
            </DataTable.Col>
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

function TradeLink({ id, children }: { id: string; children: ReactNode }) {
  const refusal = useRefusal('tradesRead');
  return refusal ? children : <Link to={`/trades/${encodeURIComponent(id)}/show`}>{children}</Link>;
}

const NoMints = () => <EmptyState title="No new coins yet">They are made when a newcomer sells.</EmptyState>;

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
      explanation={`${provider.displayName} gives ${moneyInWords(amount)} back, also where they were spent, and may earn them again. What the buyer paid stays paid.`}
      reason="required"
      disabledBecause={mint.voidedAt ? 'It was undone already.' : refusal}
      run={(reason) => dataProvider.voidMint({ mintId, reason })}
      done="The mint is undone."
    />
  );
}
