import GrantIcon from '@mui/icons-material/CardGiftcard';
import { useState } from 'react';
import { useDataProvider, useRecordContext } from 'react-admin';
import { AmountField, amountTyped } from '../common/AmountField.tsx';
import { FormDialog } from '../common/FormDialog.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { ReasonField } from '../common/ReasonField.tsx';
import { RefusableButton } from '../common/RefusableButton.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import type { CoinageRow } from './coinage.ts';

/** Earmarks more coins for the member of the row. */
export function GrantButton() {
  const row = useRecordContext<CoinageRow>();
  const refusal = useRefusal('coinageGrant');
  const [open, setOpen] = useState(false);
  if (!row) return null;
  return (
    <>
      <RefusableButton startIcon={<GrantIcon />} disabledBecause={refusal} onClick={() => setOpen(true)}>
        Grant
      </RefusableButton>
      {open && <GrantDialog row={row} close={() => setOpen(false)} />}
    </>
  );
}

function GrantDialog({ row, close }: { row: CoinageRow; close(): void }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  // One dialog is one grant, however often it is sent.
  const [id] = useState(() => crypto.randomUUID());
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const { id: memberId, displayName } = row.member;
  const { currencyCode } = row.granted;
  return (
    <FormDialog
      title={`Earmark coins for ${displayName}`}
      explanation="Nothing is paid now: the coins are minted when they sell."
      label="Grant"
      isIncomplete={!amount.trim() || !reason.trim()}
      act={async () => {
        const given = amountTyped(amount);
        await dataProvider.grantCoinage({ id, memberId, amount: given, reason: reason.trim() });
        return `${displayName} may earn ${moneyInWords({ amount: given, currencyCode })} more.`;
      }}
      close={close}
    >
      <AmountField isFirst label={`Amount, ${currencyCode}`} value={amount} onChange={setAmount} />
      <ReasonField value={reason} onChange={setReason} />
    </FormDialog>
  );
}
