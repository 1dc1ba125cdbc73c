import { TextField } from '@mui/material';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { signUp } from './account.ts';
import { AccountForm, AccountPage } from './AccountPage.tsx';
import { EmailField, NewPasswordField } from './fields.tsx';

const NAME_MOST = 100;

export function SignUp() {
  const [parameters] = useSearchParams();
  const [sentTo, setSentTo] = useState<string>();
  const next = parameters.get('next');
  const signInLink = { to: next ? `/login?next=${encodeURIComponent(next)}` : '/login', text: 'I have an account' };
  if (sentTo)
    return (
      <AccountPage
        title="Look into your mailbox"
        help={`We have sent a link to ${sentTo}. Open it to confirm the address, then sign in.`}
        links={[{ ...signInLink, text: 'Sign in' }]}
      />
    );
  return (
    <AccountPage
      title="Create an account"
      help="One account serves for all communities you are a member of."
      links={[signInLink]}
    >
      <AccountForm
        submit="Create account"
        onSubmit={async ({ email = '', password = '', name = '' }) =>
          setSentTo(await signUp({ email, password, name }))
        }
      >
        <TextField
          name="name"
          label="Your name"
          required
          fullWidth
          autoFocus
          autoComplete="name"
          slotProps={{ htmlInput: { maxLength: NAME_MOST } }}
        />
        <EmailField />
        <NewPasswordField />
      </AccountForm>
    </AccountPage>
  );
}
