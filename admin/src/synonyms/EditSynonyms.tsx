import EditIcon from '@mui/icons-material/EditOutlined';
import { Alert, Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField, Tooltip } from '@mui/material';
import { useId, useState } from 'react';
import { useDataProvider, useNotify, useRecordContext, useRefresh } from 'react-admin';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { termsOf, type SynonymSet } from './synonyms.ts';

/** A button that opens the words of a set for change. */
export function EditSynonyms() {
  const set = useRecordContext<SynonymSet>();
  const refusal = useRefusal('synonymsEdit');
  const [open, setOpen] = useState(false);
  if (!set) return null;
  return (
    <>
      <Tooltip title={refusal ?? ''}>
        <span tabIndex={refusal ? 0 : undefined}>
          <Button size="small" startIcon={<EditIcon />} disabled={refusal !== undefined} onClick={() => setOpen(true)}>
            Edit
          </Button>
        </span>
      </Tooltip>
      {open && <EditDialog set={set} close={() => setOpen(false)} />}
    </>
  );
}

function EditDialog({ set, close }: { set: SynonymSet; close(): void }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const [notify, refresh] = [useNotify(), useRefresh()];
  const [text, setText] = useState(set.terms.join(', '));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const titleId = useId();
  const terms = termsOf(text);

  async function save() {
    setBusy(true);
    try {
      await dataProvider.updateSynonyms({ id: set.id, terms });
      close();
      notify('The set is changed. It may take a moment until every listing is found by it.', { type: 'success' });
      refresh();
    } catch (error) {
      setFailure(words(error));
      setBusy(false);
    }
  }

  return (
    <Dialog open onClose={busy ? undefined : close} aria-labelledby={titleId} fullWidth maxWidth="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <DialogTitle id={titleId}>Change this set</DialogTitle>
        <DialogContent>
          <TextField
            autoFocus
            fullWidth
            multiline
            margin="dense"
            label="Words that mean the same"
            helperText="Two to twenty, with commas between them."
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          {failure && <Alert severity="error">{failure}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={close} disabled={busy}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" disabled={busy || terms.length < 2}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
