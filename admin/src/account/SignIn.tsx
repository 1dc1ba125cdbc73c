import { Checkbox, FormControlLabel } from '@mui/material';
import { useLogin } from 'react-admin';
import { useSearchParams } from 'react-router-dom';
import { AccountForm, AccountPage } from './AccountPage.tsx';
import { EmailField, PasswordField } from './fields.tsx';

export function SignIn() {
  const login = useLogin();
  const [parameters] = useSearchParams();
  const next = parameters.get('next');
  return (
    <AccountPage
      title="Sign in"
      help="The console is for those who run a community."
      links={[
        { to: '/forgot-password', text: 'Forgot your password?' },
        { to: next ? `/sign-up?next=${encodeURIComponent(next)}` : '/sign-up', text: 'Create an account' },
      ]}
    >
      <AccountForm
        submit="Sign in"
        onSubmit={async ({ email, password, stay }) => {
          await login({ email, password, stay: stay === 'on', next });
        }}
      >
        <EmailField />
        <PasswordField />
        <FormControlLabel control={<Checkbox name="stay" size="small" />} label="Stay signed in on this device" />
      </AccountForm>
    </AccountPage>
  );
}
