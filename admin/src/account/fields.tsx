import { TextField } from '@mui/material';

const PASSWORD_LEAST = 10;
const PASSWORD_MOST = 200;
const EMAIL_MOST = 254;

export const EmailField = ({ defaultValue, readOnly = false }: { defaultValue?: string; readOnly?: boolean }) => (
  <TextField
    name="email"
    type="email"
    label="E-mail"
    required
    fullWidth
    autoComplete="username"

    defaultValue={defaultValue}
    slotProps={{ htmlInput: { maxLength: EMAIL_MOST, readOnly } }}
  />
);

export const PasswordField = () => (
  <TextField
    name="password"
    type="password"
    label="Password"
    required
    fullWidth
    autoComplete="current-password"
    slotProps={{ htmlInput: { maxLength: PASSWORD_MOST } }}
  />
);

export const NewPasswordField = ({ autoFocus = false }: { autoFocus?: boolean }) => (
  <TextField
    name="password"
    type="password"
    label="New password"
    required
    fullWidth
    autoFocus={autoFocus}
    autoComplete="new-password"
    helperText={`At least ${PASSWORD_LEAST} characters; a few words make a good one.`}
    slotProps={{ htmlInput: { minLength: PASSWORD_LEAST, maxLength: PASSWORD_MOST } }}
  />
);
