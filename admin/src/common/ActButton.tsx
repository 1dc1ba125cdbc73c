import {
  Alert,
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogContentText,
  DialogTitle,
  TextField,
  Tooltip,
} from '@mui/material';
import { useId, useState, type ReactNode } from 'react';
import { useNotify, useRefresh } from 'react-admin';
import { words } from '../errors.ts';

export interface Act {
  /** The verb on the button. */
  label: string;
  icon?: ReactNode;
  /** What the dialog asks. */
  question: string;
  /** What will happen, and to whom. */
  explanation: ReactNode;
  /** Whether the operator has to say why; it goes into the audit log. */
  reason?: 'required' | 'optional';
  color?: 'primary' | 'error' | 'inherit';
  variant?: 'contained' | 'outlined' | 'text';
  /** A sentence why this cannot be done now: the button shows it instead of hiding. */
  disabledBecause?: string | undefined;
  /** The domain verb. */
  run(reason: string): Promise<unknown>;
  /** What to say when it is done. */
  done: string;
}

const REASON_MOST = 500;

/** A button for an act of consequence: asks first, takes the reason, says what happened. */
export function ActButton({ label, icon, color = 'primary', variant = 'outlined', disabledBecause, ...act }: Act) {
  const [open, setOpen] = useState(false);
  return (
    // In a list, neither the button nor its dialog is a click on the row.
    <Box component="span" onClick={(event) => event.stopPropagation()} sx={{ display: 'inline-block' }}>
      <Tooltip title={disabledBecause ?? ''}>
        {/* A disabled button has no events of its own; the span keeps the reason reachable, by keyboard too. */}
        <span tabIndex={disabledBecause ? 0 : undefined}>
          <Button
            size="small"
            variant={variant}
            color={color}
            startIcon={icon}
            disabled={disabledBecause !== undefined}
            onClick={() => setOpen(true)}
            sx={{ whiteSpace: 'nowrap' }}
          >
            {label}
          </Button>
        </span>
      </Tooltip>
      {open && <ActDialog {...act} label={label} color={color} close={() => setOpen(false)} />}
    </Box>
  );
}

type ActDialogProps = Pick<Act, 'label' | 'question' | 'explanation' | 'reason' | 'color' | 'run' | 'done'> & {
  close(): void;
};

function ActDialog({ label, question, explanation, reason, color = 'primary', run, done, close }: ActDialogProps) {
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [notify, refresh] = [useNotify(), useRefresh()];
  const titleId = useId();

  async function act() {
    setBusy(true);
    try {
      await run(why.trim());
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
          void act();
        }}
      >
        <DialogTitle id={titleId}>{question}</DialogTitle>
        <DialogContent>
          <DialogContentText component="div">{explanation}</DialogContentText>
          {reason && (
            <TextField
              autoFocus
              fullWidth
              multiline
              minRows={2}
              margin="normal"
              label="Reason"
              required={reason === 'required'}
              helperText="Goes into the audit log."
              value={why}
              onChange={(event) => setWhy(event.target.value)}
              slotProps={{ htmlInput: { maxLength: REASON_MOST } }}
            />
          )}
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
          <Button
            type="submit"
            variant="contained"
            color={color}
            disabled={busy || (reason === 'required' && !why.trim())}
          >
            {label}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
