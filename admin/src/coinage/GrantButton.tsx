import GrantIcon from '@mui/icons-material/CardGiftcard';
import { Alert, Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField } from '@mui/material';
import { useId, useState } from 'react';
import { useDataProvider, useNotify, useRecordContext, useRefresh } from 'react-admin';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import type { CoinageRow } from './coinage.ts';

/** Earmarks more coins for the member of the row. */
export function GrantButton() {
  const row = useRecordContext<CoinageRow>();
  const refusal = useRefusal('coinageGrant');
  const [open, setOpen] = useState(false);
  if (!row) return null;
  return (
    <>
      <Button size="small" startIcon={<GrantIcon />} disabled={refusal !== undefined} onClick={() => setOpen(true)}>
        Grant
      </Button>
      {open && <GrantDialog {...row.member} close={() => setOpen(false)} />}
    </>
  );
}

function GrantDialog({ id: memberId, displayName, close }: { id: string; displayName: string; close(): void }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const [notify, refresh] = [useNotify(), useRefresh()];
  const titleId = useId();
  // One dialog is one grant, however often it is sent.
  const [id] = useState(() => crypto.randomUUID());
  const [failure, setFailure] = useState<string>();

  async function grant(form: FormData) {
    setFailure(undefined);
    try {
      const [amount, reason] = [String(form.get('amount')).trim(), String(form.get('reason')).trim()];
      await dataProvider.grantCoinage({ id, memberId, amount, reason });
      close();
      notify(`${displayName} may earn ${amount} more.`, { type: 'success' });
      refresh();
    } catch (error) {
      setFailure(words(error));
    }
  }

  return (
    <Dialog open onClose={close} aria-labelledby={titleId} fullWidth maxWidth="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void grant(new FormData(event.currentTarget));
        }}
      >
        <DialogTitle id={titleId}>{`Earmark coins for ${displayName}`}</DialogTitle>
        <DialogContent>
          <TextField
            autoFocus
            required
            fullWidth
            margin="dense"
            name="amount"
            label="Amount"
            helperText="Nothing is paid now: the coins are minted when they sell."
          />
          <TextField
            required
            fullWidth
            multiline
            minRows={2}
            margin="dense"
            name="reason"
            label="Reason"
            helperText="Goes into the audit log."
          />
          {failure && <Alert severity="error">{failure}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" variant="contained">
            Grant
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
