import InviteIcon from '@mui/icons-material/PersonAddAlt';
import {
  Alert,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogContentText,
  DialogTitle,
  TextField,
} from '@mui/material';
import { useId, useState } from 'react';
import { useDataProvider, useRefresh } from 'react-admin';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';

const ADDRESSES_MOST = 100;
const USES_MOST = 1000;
const DAYS_MOST = 365;

/** Invites by e-mail, or makes a link to pass on. */
export function InviteButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="contained" startIcon={<InviteIcon />} onClick={() => setOpen(true)}>
        Invite
      </Button>
      {open && <InviteDialog close={() => setOpen(false)} />}
    </>
  );
}

function InviteDialog({ close }: { close(): void }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refresh = useRefresh();
  const titleId = useId();
  const [addresses, setAddresses] = useState('');
  const [failure, setFailure] = useState<string>();
  const [issued, setIssued] = useState<{ email: string | null; link: string | null }[]>();
  const emails = addresses.split(/[\s,;]+/).filter(Boolean);

  async function invite(form: FormData) {
    setFailure(undefined);
    try {
      const made = await dataProvider.inviteMembers({
        emails,
        maxUses: emails.length ? 1 : Number(form.get('maxUses')),
        expiresInDays: Number(form.get('expiresInDays')),
      });
      setIssued(made.map(({ link, invitation }) => ({ link, email: invitation.email })));
      refresh();
    } catch (error) {
      setFailure(words(error));
    }
  }

  if (issued)
    return (
      <Dialog open onClose={close} aria-labelledby={titleId} fullWidth maxWidth="sm">
        <DialogTitle id={titleId}>
          {issued[0]?.email ? 'The invitations are on their way' : 'Pass this link on'}
        </DialogTitle>
        <DialogContent>
          <DialogContentText sx={{ mb: 2 }}>
            {issued[0]?.email
              ? `${issued.length} ${issued.length === 1 ? 'person gets' : 'people get'} a mail.`
              : 'It is shown now and never again.'}
          </DialogContentText>
          {issued
            .filter(({ email }) => !email)
            .map(({ link }) => (
              <TextField
                key={link}
                fullWidth
                label="Link"
                value={link ?? ''}
                onFocus={({ target }) => target.select()}
                slotProps={{ htmlInput: { readOnly: true } }}
              />
            ))}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button variant="contained" onClick={close}>
            Done
          </Button>
        </DialogActions>
      </Dialog>
    );
  return (
    <Dialog open onClose={close} aria-labelledby={titleId} fullWidth maxWidth="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void invite(new FormData(event.currentTarget));
        }}
      >
        <DialogTitle id={titleId}>Invite people</DialogTitle>
        <DialogContent>
          <TextField
            autoFocus
            fullWidth
            multiline
            minRows={2}
            margin="dense"
            label="E-mail addresses"
            helperText={
              emails.length > ADDRESSES_MOST
                ? `At most ${ADDRESSES_MOST} at once.`
                : 'Each gets an own invitation by mail. Leave it empty for a link to pass on.'
            }
            error={emails.length > ADDRESSES_MOST}
            value={addresses}
            onChange={({ target }) => setAddresses(target.value)}
          />
          {emails.length === 0 && (
            <TextField
              name="maxUses"
              type="number"
              margin="dense"
              label="How many may join by the link"
              defaultValue={1}
              fullWidth
              slotProps={{ htmlInput: { min: 1, max: USES_MOST } }}
            />
          )}
          <TextField
            name="expiresInDays"
            type="number"
            margin="dense"
            label="Works for how many days"
            defaultValue={14}
            fullWidth
            slotProps={{ htmlInput: { min: 1, max: DAYS_MOST } }}
          />
          {failure && <Alert severity="error">{failure}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" disabled={emails.length > ADDRESSES_MOST}>
            {emails.length
              ? `Send ${emails.length} ${emails.length === 1 ? 'invitation' : 'invitations'}`
              : 'Make a link'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
