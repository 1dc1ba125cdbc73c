import EndIcon from '@mui/icons-material/LogoutOutlined';
import { Box, Card, CardContent, Chip, Divider, Typography } from '@mui/material';
import { Fragment } from 'react';
import { useLogout } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { momentInWords } from '../common/dates.ts';
import { endSession, signOutEverywhere, type Session } from './profile.ts';
import { programOf } from './program.ts';

/** Where the person is signed in, each of which they can end. */
export function Sessions({ sessions }: { sessions: readonly Session[] }) {
  const logout = useLogout();
  return (
    <Card component="section" aria-label="Sessions">
      <CardContent>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, justifyContent: 'space-between', mb: 1 }}>
          <Box>
            <Typography variant="h2">Sessions</Typography>
            <Typography variant="body2" color="textSecondary">
              Where you are signed in. End what you do not know, and change the password.
            </Typography>
          </Box>
          <ActButton
            label="Sign out everywhere"
            color="error"
            question="Sign out everywhere?"
            explanation="Every session ends, this one too. You sign in again with your password."
            run={async () => {
              await signOutEverywhere();
              await logout();
            }}
            done="Every session has ended."
          />
        </Box>
        {sessions.map((session, index) => (
          <Fragment key={session.id}>
            {index > 0 && <Divider />}
            <SessionLine {...session} />
          </Fragment>
        ))}
      </CardContent>
    </Card>
  );
}

const SessionLine = ({ id, label, address, lastUsedAt, createdAt, isCurrent }: Session) => (
  <Box
    role="group"
    aria-label={programOf(label)}
    sx={{ display: 'flex', gap: 2, alignItems: 'center', justifyContent: 'space-between', py: 1.25 }}
  >
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }} title={label}>
        {programOf(label)}
      </Typography>
      <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
        {[address, `used ${momentInWords(lastUsedAt)}`, `since ${momentInWords(createdAt)}`]
          .filter(Boolean)
          .join(' · ')}
      </Typography>
    </Box>
    {isCurrent ? (
      <Chip size="small" label="This one" variant="outlined" />
    ) : (
      <ActButton
        label="End"
        icon={<EndIcon />}
        color="error"
        variant="text"
        question="End this session?"
        explanation={`${programOf(label)} is signed out at once.`}
        run={() => endSession(id)}
        done="The session has ended."
      />
    )}
  </Box>
);
