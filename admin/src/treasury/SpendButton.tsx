import BurnIcon from '@mui/icons-material/LocalFireDepartmentOutlined';
import BuyIcon from '@mui/icons-material/ShoppingBasketOutlined';
import GrantIcon from '@mui/icons-material/VolunteerActivismOutlined';
import {
  Alert,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogContentText,
  DialogTitle,
  TextField,
  Tooltip,
} from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useDataProvider, useNotify, useRefresh } from 'react-admin';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { MemberField, type NamedMember } from './MemberField.tsx';

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

/** A way to spend what the community holds, with its reason. */
export function SpendButton({ verb }: { verb: Verb }) {
  const [open, setOpen] = useState(false);
  const refusal = useRefusal('treasurySpend');
  const { label, icon } = verbs[verb];
  return (
    <>
      <Tooltip title={refusal ?? ''}>
        <span tabIndex={refusal ? 0 : undefined}>
          <Button
            size="small"
            variant="outlined"
            color={verb === 'burn' ? 'error' : 'primary'}
            startIcon={icon}
            disabled={refusal !== undefined}
            onClick={() => setOpen(true)}
          >
            {label}
          </Button>
        </span>
      </Tooltip>
      {open && <SpendDialog verb={verb} close={() => setOpen(false)} />}
    </>
  );
}

function SpendDialog({ verb, close }: { verb: Verb; close(): void }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const [notify, refresh, queries] = [useNotify(), useRefresh(), useQueryClient()];
  // The same one when it is sent again: spent once.
  const [id] = useState(() => crypto.randomUUID());
  const [member, setMember] = useState<NamedMember | null>(null);
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const titleId = useId();
  const { label, question, help, done } = verbs[verb];

  async function spend() {
    setBusy(true);
    setFailure(undefined);
    const given = { id, amount: amount.trim(), reason: reason.trim() };
    try {
      if (verb === 'burn') await dataProvider.burnFromTreasury(given);
      else if (verb === 'grant') await dataProvider.grantFromTreasury({ ...given, memberId: member!.id });
      else await dataProvider.buyForTreasury({ ...given, memberId: member!.id });
      close();
      notify(done, { type: 'success' });
      await queries.invalidateQueries();
      refresh();
    } catch (error) {
      setFailure(words(error));
      setBusy(false);
    }
  }

  return (
    <Dialog open onClose={busy ? undefined : close} aria-labelledby={titleId} fullWidth maxWidth="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void spend();
        }}
      >
        <DialogTitle id={titleId}>{question}</DialogTitle>
        <DialogContent>
          <DialogContentText>{help}</DialogContentText>
          {verb !== 'burn' && <MemberField value={member} onChange={setMember} />}
          <TextField
            fullWidth
            margin="normal"
            label="Amount"
            required
            value={amount}
            onChange={({ target }) => setAmount(target.value)}
            slotProps={{
              htmlInput: { inputMode: 'decimal', pattern: '[0-9]{1,12}([.][0-9]{1,4})?', title: 'Such as 12.50' },
            }}
          />
          <TextField
            fullWidth
            multiline
            minRows={2}
            margin="normal"
            label="Reason"
            required
            helperText="Every member can read it."
            value={reason}
            onChange={({ target }) => setReason(target.value)}
            slotProps={{ htmlInput: { maxLength: 1000 } }}
          />
          {failure && <Alert severity="error">{failure}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={close} disabled={busy}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant="contained"
            color={verb === 'burn' ? 'error' : 'primary'}
            disabled={busy || !amount.trim() || !reason.trim() || (verb !== 'burn' && !member)}
          >
            {label}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
