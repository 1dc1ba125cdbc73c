import { Box } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { FormDialog } from './FormDialog.tsx';
import { ReasonField } from './ReasonField.tsx';
import { RefusableButton } from './RefusableButton.tsx';

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

/** A button for an act of consequence: asks first, takes the reason, says what happened. */
export function ActButton({ label, icon, color = 'primary', variant = 'outlined', disabledBecause, ...act }: Act) {
  const [open, setOpen] = useState(false);
  return (
    // In a list, neither the button nor its dialog is a click on the row.
    <Box component="span" onClick={(event) => event.stopPropagation()} sx={{ display: 'inline-block' }}>
      <RefusableButton
        variant={variant}
        color={color}
        startIcon={icon}
        disabledBecause={disabledBecause}
        onClick={() => setOpen(true)}
      >
        {label}
      </RefusableButton>
      {open && <ActDialog {...act} label={label} color={color} close={() => setOpen(false)} />}
    </Box>
  );
}

type ActDialogProps = Pick<Act, 'label' | 'question' | 'explanation' | 'reason' | 'color' | 'run' | 'done'> & {
  close(): void;
};

function ActDialog({ question, reason, run, done, ...dialog }: ActDialogProps) {
  const [why, setWhy] = useState('');
  const isRequired = reason === 'required';
  return (
    <FormDialog
      {...dialog}
      title={question}
      isIncomplete={isRequired && !why.trim()}
      act={async () => {
        await run(why.trim());
        return done;
      }}
    >
      {reason && <ReasonField isFirst isRequired={isRequired} value={why} onChange={setWhy} />}
    </FormDialog>
  );
}
