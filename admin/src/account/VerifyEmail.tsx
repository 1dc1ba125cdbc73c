import { Button } from '@mui/material';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router-dom';
import { requestEmailVerification, verifyEmail } from './account.ts';
import { AccountForm, AccountPage } from './AccountPage.tsx';
import { EmailField } from './fields.tsx';

const signIn = [{ to: '/login', text: 'Sign in' }];

/** Where the link of a mail leads. A press of the button confirms, so that a program that reads mails ahead does not use the link up. */
export function VerifyEmail() {
  const [parameters] = useSearchParams();
  const token = parameters.get('token');
  const [confirmed, setConfirmed] = useState<string>();
  if (confirmed)
    return (
      <AccountPage title="The address is confirmed" help={`You can sign in with ${confirmed} now.`}>
        <Button component={Link} to="/login" variant="contained" size="large" fullWidth sx={{ mt: 3 }}>
          Sign in
        </Button>
      </AccountPage>
    );
  if (!token) return <AskForLink />;
  return (
    <AccountPage
      title="Confirm your address"
      help="One press, and your e-mail address is confirmed."
      links={[{ to: '/verify-email', text: 'Send me a new link' }, ...signIn]}
    >
      <AccountForm submit="Confirm" onSubmit={async () => setConfirmed(await verifyEmail(token))} />
    </AccountPage>
  );
}

function AskForLink() {
  const [sentTo, setSentTo] = useState<string>();
  if (sentTo)
    return (
      <AccountPage
        title="Look into your mailbox"
        help={`If ${sentTo} waits to be confirmed, a new link is on its way.`}
        links={signIn}
      />
    );
  return (
    <AccountPage title="Confirm your address" help="We send you a new link." links={signIn}>
      <AccountForm
        submit="Send the link"
        onSubmit={async ({ email = '' }) => setSentTo(await requestEmailVerification(email))}
      >
        <EmailField />
      </AccountForm>
    </AccountPage>
  );
}
