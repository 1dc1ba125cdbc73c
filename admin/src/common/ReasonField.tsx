import { TextField } from '@mui/material';

interface ReasonFieldProps {
  value: string;
  onChange(reason: string): void;
  label?: string;
  /** Who reads it. */
  help?: string;
  isRequired?: boolean;
  isFirst?: boolean;
  most?: number;
}

const REASON_MOST = 500;

/** Why somebody does something, in their words. */
export const ReasonField = ({ value, onChange, label = 'Reason', isRequired = true, ...rest }: ReasonFieldProps) => (
  <TextField
    fullWidth
    multiline
    minRows={2}
    margin="normal"
    label={label}
    required={isRequired}
    helperText={rest.help ?? 'Goes into the audit log.'}
    autoFocus={rest.isFirst ?? false}
    value={value}
    onChange={({ target }) => onChange(target.value)}
    slotProps={{ htmlInput: { maxLength: rest.most ?? REASON_MOST } }}
  />
);
