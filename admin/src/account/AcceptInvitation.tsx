import { Alert, Box, Button, Checkbox, FormControlLabel, Skeleton, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router-dom';
import { isSessionOver, words } from '../errors.ts';
import { accepted, request } from '../request.ts';
import { session } from '../session.ts';
import { AccountForm, AccountPage } from './AccountPage.tsx';
import { ACCEPT_INVITATION, INVITATION } from './invitation.graphql.ts';
import { useHere } from './useHere.ts';

const NAME_MOST = 80;
const ended: Record<string, string> = {
  EXPIRED: 'This invitation has expired: ask for a new one.',
  REVOKED: 'This invitation was taken back: ask for a new one.',
  USED_UP: 'This invitation was used already: ask for a new one.',
};

/** Where the link of an invitation leads: shows what it offers, then signs in or up, then joins. */
export function AcceptInvitation() {
  const [parameters] = useSearchParams();
  const token = parameters.get('token') ?? '';
  const { data, error, isPending } = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => request(INVITATION, { token }, {}),
  });
  const [joined, setJoined] = useState<string>();
  const invitation = data?.invitation;

  if (isPending) return <AccountPage title="Invitation" help={<Skeleton height={80} />} />;
  if (error) return <AccountPage title="Invitation" help={words(error)} />;
  if (!invitation) return <AccountPage title="Invitation" help="This link is not known. Check that it is complete." />;
  const { community, inviterName, claimsName, state } = invitation;
  if (joined) return <Joined community={community.name} isWaiting={joined === 'APPLIED'} />;
  return (
    <AccountPage
      title={`Join ${community.name}`}
      help={
        <>
          {inviterName} invites you{claimsName && ` to take over as ${claimsName}`}.
          {community.description && (
            <Typography sx={{ mt: 1, whiteSpace: 'pre-wrap' }}>{community.description}</Typography>
          )}
        </>
      }
    >
      {state === 'OPEN' ? (
        <Join token={token} claimsName={claimsName} charter={community.charter} joined={setJoined} />
      ) : (
        <Alert severity="warning" sx={{ mt: 2 }}>
          {ended[state]}
        </Alert>
      )}
    </AccountPage>
  );
}

interface JoinProps {
  token: string;
  claimsName: string | null;
  charter: { version: number; text: string } | null;
  joined(state: string): void;
}

function Join({ token, claimsName, charter, joined }: JoinProps) {
  const { data, error, isPending } = useHere();
  const next = encodeURIComponent(`/invitation?token=${token}`);
  if (!session.token() || isSessionOver(error))
    return (
      <Box sx={{ display: 'grid', gap: 1.5, mt: 3 }}>
        <Button component={Link} to={`/sign-up?next=${next}`} variant="contained" size="large">
          Create an account
        </Button>
        <Button component={Link} to={`/login?next=${next}`} variant="outlined" size="large">
          I have an account
        </Button>
      </Box>
    );
  if (isPending) return <Skeleton height={120} />;
  return (
    <AccountForm
      submit="Join"
      onSubmit={async ({ displayName = '' }) => {
        const input = { token, displayName, charterVersion: charter?.version ?? 0 };
        const { acceptInvitation } = await request(ACCEPT_INVITATION, { input });
        joined(accepted(acceptInvitation).state);
      }}
    >
      <TextField
        name="displayName"
        label="Your name here"
        helperText="Members see it."
        required
        fullWidth
        defaultValue={claimsName ?? data?.me?.name ?? ''}
        slotProps={{ htmlInput: { maxLength: NAME_MOST } }}
      />
      {charter && (
        <>
          <Box
            tabIndex={0}
            role="region"
            aria-label="Charter"
            sx={{
              maxHeight: 200,
              overflow: 'auto',
              whiteSpace: 'pre-wrap',
              p: 1.5,
              border: 1,
              borderColor: 'divider',
              borderRadius: 1,
            }}
          >
            <Typography variant="body2">{charter.text}</Typography>
          </Box>
          <FormControlLabel
            control={<Checkbox name="charter" required size="small" />}
            label="I have read the charter and accept it"
          />
        </>
      )}
    </AccountForm>
  );
}

const Joined = ({ community, isWaiting }: { community: string; isWaiting: boolean }) => (
  <AccountPage
    title={isWaiting ? 'Your application is in' : `Welcome to ${community}`}
    help={
      isWaiting
        ? 'An operator decides; you will be told.'
        : 'You are a member now. Use the frontend of your community to trade.'
    }
    links={[{ to: '/communities', text: 'Your communities' }]}
  />
);
