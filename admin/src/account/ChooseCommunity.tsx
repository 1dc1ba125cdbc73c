import { Alert, Button, List, ListItem, ListItemButton, ListItemText, Skeleton } from '@mui/material';
import { useEffect } from 'react';
import { useLogout } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { inWords, StateChip } from '../common/StateChip.tsx';
import { isSessionOver, words } from '../errors.ts';
import { session } from '../session.ts';
import { AccountPage } from './AccountPage.tsx';
import { runs, type Membership } from './here.ts';
import { useChooseCommunity, useHere } from './useHere.ts';

/** After signing in: where to. */
export function ChooseCommunity() {
  const { data, error, isPending } = useHere();
  const choose = useChooseCommunity();
  const logout = useLogout();
  const navigate = useNavigate();
  const mustSignIn = !session.token() || isSessionOver(error);
  useEffect(() => {
    if (!mustSignIn) return;
    session.end();
    navigate('/login');
  }, [mustSignIn, navigate]);
  if (mustSignIn) return null;

  const memberships = data?.memberships ?? [];
  const administrates = data?.me?.platformAdministrator ?? false;
  return (
    <AccountPage
      title="Choose a community"
      help={data?.me && `Signed in as ${data.me.email}.`}
      links={
        administrates
          ? [
              { to: '/new-community', text: 'Found a new community' },
              { to: '/platform', text: 'How texts are understood' },
            ]
          : []
      }
    >
      {error && <Alert severity="error">{words(error)}</Alert>}
      {isPending && <Skeleton height={120} />}
      <List aria-label="Communities" sx={{ mt: 1, mx: -2 }}>
        {memberships.map((membership) => (
          <Choice key={membership.memberId} {...membership} choose={choose} />
        ))}
      </List>
      {data && memberships.length === 0 && (
        <Alert severity="info">
          You are not a member of a community yet. Open the link of an invitation
          {administrates ? ', or found a community.' : ', or ask whoever runs yours.'}
        </Alert>
      )}
      <Button color="inherit" fullWidth sx={{ mt: 1 }} onClick={() => void logout()}>
        Sign out
      </Button>
    </AccountPage>
  );
}

function Choice({ choose, ...membership }: Membership & { choose(slug: string): void }) {
  const { community, state, roles } = membership;
  const may = runs(membership);
  const because =
    state === 'ACTIVE' ? 'You are a member; the console is for those who run it.' : 'Not an active member.';
  return (
    <ListItem disablePadding secondaryAction={state !== 'ACTIVE' && <StateChip state={state} />}>
      <ListItemButton disabled={!may} onClick={() => choose(community.slug)} sx={{ borderRadius: 2 }}>
        <ListItemText
          primary={community.name}
          secondary={
            may
              ? roles
                  .filter((role) => role !== 'MEMBER')
                  .map(inWords)
                  .join(', ')
              : because
          }
          slotProps={{ primary: { sx: { fontWeight: 600 } } }}
        />
      </ListItemButton>
    </ListItem>
  );
}
