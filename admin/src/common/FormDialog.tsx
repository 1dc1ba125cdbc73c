import { Alert, Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useId, useState, type ReactNode } from 'react';
import { useNotify, useRefresh } from 'react-admin';
import { words } from '../errors.ts';

interface FormDialogProps {
  title: string;
  /** What will happen, and to whom. */
  explanation?: ReactNode;
  /** The verb on the button. */
  label: string;
  color?: 'primary' | 'error' | 'inherit';
  /** Something is still missing. */
  isIncomplete?: boolean;
  /** Does it, and says what it did. A refusal stays in the dialog, with what was entered. */
  act(): Promise<string>;
  close(): void;
  children?: ReactNode;
}

/** Asks for what an act needs, does it, and says what happened. */
export function FormDialog({ title, explanation, label, color = 'primary', isIncomplete, ...rest }: FormDialogProps) {
  const { act, close, children } = rest;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [notify, refresh] = [useNotify(), useRefresh()];
  const titleId = useId();

  async function submit() {
    setBusy(true);
    setFailure(undefined);
    try {
      const done = await act();
      close();
      notify(done, { type: 'success' });
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
          void submit();
        }}
      >
        <DialogTitle id={titleId}>{title}</DialogTitle>
        <DialogContent>
          {explanation && <DialogContentText component="div">{explanation}</DialogContentText>}
          {children}
          {failure && (
            <Alert severity="error" sx={{ mt: 1 }}>
              {failure}
            </Alert>
          )}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={close} disabled={busy}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" color={color} disabled={busy || isIncomplete}>
            {label}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
