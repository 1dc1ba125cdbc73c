import BurnIcon from '@mui/icons-material/LocalFireDepartmentOutlined';
import BuyIcon from '@mui/icons-material/ShoppingBasketOutlined';
import GrantIcon from '@mui/icons-material/VolunteerActivismOutlined';
import { useState } from 'react';
import { useDataProvider } from 'react-admin';
import { AmountField, amountTyped } from '../common/AmountField.tsx';
import { FormDialog } from '../common/FormDialog.tsx';
import { MemberField, type NamedMember } from '../common/MemberField.tsx';
import { ReasonField } from '../common/ReasonField.tsx';
import { RefusableButton } from '../common/RefusableButton.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';

type Verb = 'grant' | 'buy' | 'burn';
const verbs = {
  grant: {
    label: 'Grant',
    icon: <GrantIcon />,
    question: 'Grant money to a member',
    help: 'A gift of the community.',
    done: 'It is granted.',
  },
  buy: {
    label: 'Buy',
    icon: <BuyIcon />,
    question: 'Pay a member',
    help: 'For goods or services the community bought.',
    done: 'It is paid.',
  },
  burn: {
    label: 'Burn',
    icon: <BurnIcon />,
    question: 'Burn money',
    help: 'It is taken out of the world: there is less of it for everybody.',
    done: 'It is burned.',
  },
} as const;
const REASON_MOST = 1000;

/** A way to spend what the community holds, with its reason. */
export function SpendButton({ verb }: { verb: Verb }) {
  const [open, setOpen] = useState(false);
  const refusal = useRefusal('treasurySpend');
  const { label, icon } = verbs[verb];
  return (
    <>
      <RefusableButton
        variant="outlined"
        color={verb === 'burn' ? 'error' : 'primary'}
        startIcon={icon}
        disabledBecause={refusal}
        onClick={() => setOpen(true)}
      >
        {label}
      </RefusableButton>
      {open && <SpendDialog verb={verb} close={() => setOpen(false)} />}
    </>
  );
}

function SpendDialog({ verb, close }: { verb: Verb; close(): void }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  // The same one when it is sent again: spent once.
  const [id] = useState(() => crypto.randomUUID());
  const [member, setMember] = useState<NamedMember | null>(null);
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const { label, question, help, done } = verbs[verb];

  async function spend() {
    const given = { id, amount: amountTyped(amount), reason: reason.trim() };
    if (verb === 'burn') await dataProvider.burnFromTreasury(given);
    else if (verb === 'grant') await dataProvider.grantFromTreasury({ ...given, memberId: member!.id });
    else await dataProvider.buyForTreasury({ ...given, memberId: member!.id });
    return done;
  }

  return (
    <FormDialog
      title={question}
      explanation={help}
      label={label}
      color={verb === 'burn' ? 'error' : 'primary'}
      isIncomplete={!amount.trim() || !reason.trim() || (verb !== 'burn' && !member)}
      act={spend}
      close={close}
    >
      {verb !== 'burn' && <MemberField value={member} onChange={setMember} />}
      <AmountField value={amount} onChange={setAmount} />
      <ReasonField value={reason} onChange={setReason} help="Every member can read it." most={REASON_MOST} />
    </FormDialog>
  );
}
