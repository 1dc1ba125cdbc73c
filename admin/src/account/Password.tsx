import { Button } from '@mui/material';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router-dom';
import { requestPasswordReset, resetPassword } from './account.ts';
import { AccountForm, AccountPage } from './AccountPage.tsx';
import { EmailField, NewPasswordField } from './fields.tsx';

const signIn = [{ to: '/login', text: 'Sign in' }];

export function ForgotPassword() {
  const [sentTo, setSentTo] = useState<string>();
  if (sentTo)
    return (
      <AccountPage
        title="Look into your mailbox"
        help={`If there is an account for ${sentTo}, a link to set a new password is on its way.`}
        links={signIn}
      />
    );
  return (
    <AccountPage title="Forgot your password?" help="We send you a link to set a new one." links={signIn}>
      <AccountForm
        submit="Send the link"
        onSubmit={async ({ email = '' }) => setSentTo(await requestPasswordReset(email))}
      >
        <EmailField />
      </AccountForm>
    </AccountPage>
  );
}

/** Where the link of the mail leads. */
export function ResetPassword() {
  const [parameters] = useSearchParams();
  const token = parameters.get('token');
  const [isDone, setDone] = useState(false);
  if (!token) return <ForgotPassword />;
  if (isDone)
    return (
      <AccountPage title="The password is set" help="Every session has ended. Sign in with the new password.">
        <Button component={Link} to="/login" variant="contained" size="large" fullWidth sx={{ mt: 3 }}>
          Sign in
        </Button>
      </AccountPage>
    );
  return (
    <AccountPage
      title="Choose a new password"
      help="All your sessions end, on every device."
      links={[{ to: '/forgot-password', text: 'Send me a new link' }, ...signIn]}
    >
      <AccountForm
        submit="Set password"
        onSubmit={async ({ password = '' }) => {
          await resetPassword({ token, password });
          setDone(true);
        }}
      >
        <NewPasswordField autoFocus />
      </AccountForm>
    </AccountPage>
  );
}
