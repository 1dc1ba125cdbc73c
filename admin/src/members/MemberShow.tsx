import { Alert, Box, Button, Card, CardContent, Typography } from '@mui/material';
import { useRecordContext } from 'react-admin';
import { Link } from 'react-router-dom';
import { momentInWords, dateInWords } from '../common/dates.ts';
import { Facts } from '../common/Facts.tsx';
import { ShowPage } from '../common/ShowPage.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { StateChip } from '../common/StateChip.tsx';
import { EraseMember } from './EraseMember.tsx';
import { MemberActs } from './MemberActs.tsx';
import { rolesInWords } from './MemberList.tsx';
import { MemberRoles } from './MemberRoles.tsx';
import type { Member } from './members.ts';

export const MemberShow = () => (
  <ShowPage>
    <MemberSheet />
  </ShowPage>
);

function MemberSheet() {
  const member = useRecordContext<Member>();
  if (!member) return null;
  const { id, displayName, state, roles, application, bio, decisionReason } = member;
  const theirs = `/listings?filter=${encodeURIComponent(JSON.stringify({ memberId: id }))}`;
  return (
    <>
      <PageHeader title={displayName} help={rolesInWords(roles)}>
        <Button component={Link} to={theirs} size="small" color="inherit">
          Their listings
        </Button>
        <MemberActs />
        <EraseMember {...member} />
      </PageHeader>
      {decisionReason && (
        <Alert severity="warning" variant="outlined" sx={{ mb: 2 }}>
          {state === 'SUSPENDED' ? 'Suspended' : 'Decided'}: {decisionReason}
        </Alert>
      )}
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', md: '3fr 2fr' }, alignItems: 'start' }}>
        <Box sx={{ display: 'grid', gap: 2 }}>
          {application && <Text name="Application" text={application} />}
          <Text name="About" text={bio || 'They have written nothing about themselves.'} />
          <Card component="section" aria-label="Roles">
            <CardContent>
              <Typography variant="h3" sx={{ mb: 1 }}>
                Roles
              </Typography>
              <MemberRoles key={roles?.join()} {...member} />
            </CardContent>
          </Card>
        </Box>
        <Card component="section" aria-label="Facts">
          <CardContent>
            <Facts
              facts={[
                ['State', <StateChip key="state" state={state ?? ''} />],
                ['E-mail', member.email],
                ['Contact', member.contactEmail],
                ['Phone', member.phone],
                ['Language', member.locale],
                ['Applied', momentInWords(member.appliedAt)],
                ['Member since', dateInWords(member.memberSince)],
                ['Charter', member.charterAccepted ? 'accepted as it is now' : 'not accepted as it is now'],
                ['Invited by', member.invitedBy?.displayName],
                ['Imported as', member.externalId],
                ['Signed in', member.isPlaceholder ? 'nobody yet; an invitation can hand this over' : undefined],
              ]}
            />
          </CardContent>
        </Card>
      </Box>
    </>
  );
}

const Text = ({ name, text }: { name: string; text: string }) => (
  <Card component="section" aria-label={name}>
    <CardContent>
      <Typography variant="h3" sx={{ mb: 1 }}>
        {name}
      </Typography>
      <Typography sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</Typography>
    </CardContent>
  </Card>
);
