import { TextField } from '@mui/material';

interface AmountFieldProps {
  value: string;
  onChange(amount: string): void;
  label?: string;
  help?: string;
  isFirst?: boolean;
}

/** An amount of money as people type it; `amountTyped` makes of it what the API takes. */
export const AmountField = ({ value, onChange, label = 'Amount', help, isFirst = false }: AmountFieldProps) => (
  <TextField
    fullWidth
    required
    margin="normal"
    label={label}
    helperText={help}
    autoFocus={isFirst}
    value={value}
    onChange={({ target }) => onChange(target.value)}
    slotProps={{
      htmlInput: { inputMode: 'decimal', pattern: ' *[0-9]{1,12}([.,][0-9]{1,4})? *', title: 'Such as 12.50' },
    }}
  />
);

/** 12,50 is 12.50 as well. */
export const amountTyped = (text: string): string => text.trim().replace(',', '.');
