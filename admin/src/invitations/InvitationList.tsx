import RevokeIcon from '@mui/icons-material/LinkOff';
import { useMediaQuery, type Theme } from '@mui/material';
import { BooleanInput, DataTable, DateField, SimpleList, useDataProvider, useRecordContext } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { csvExporter } from '../common/csv.ts';
import { dateInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { StateChip } from '../common/StateChip.tsx';
import type { KithDataProvider } from '../dataProvider.ts';
import type { Invitation } from './invitations.ts';
import { InviteButton } from './InviteButton.tsx';

const filters = [<BooleanInput key="mine" source="mine" label="Only mine" />];

const exporter = csvExporter<Invitation>('invitations', {
  state: ({ state }) => state,
  email: ({ email }) => email,
  inviter: ({ inviter }) => inviter.displayName,
  uses: ({ uses }) => uses,
  max_uses: ({ maxUses }) => maxUses,
  created_at: ({ createdAt }) => createdAt,
  expires_at: ({ expiresAt }) => expiresAt,
});

export function InvitationList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader title="Invitations" help="Links by which people join, newest first.">
        <InviteButton />
      </PageHeader>
      <RecordList filters={filters} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<Invitation>
            primaryText={nameOf}
            secondaryText={({ expiresAt }) => `until ${dateInWords(expiresAt)}`}
            tertiaryText={({ state }) => <StateChip state={state} />}
            rowClick={false}
            empty={<NoInvitations />}
          />
        ) : (
          <DataTable<Invitation> rowClick={false} bulkActionButtons={false} empty={<NoInvitations />}>
            <DataTable.Col label="For" disableSort render={nameOf} />
            <DataTable.Col label="Invited by" disableSort render={({ inviter }) => inviter.displayName} />
            <DataTable.Col label="Used" disableSort render={({ uses, maxUses }) => `${uses} of ${maxUses}`} />
            <DataTable.Col label="State" disableSort render={({ state }) => <StateChip state={state} />} />
            <DataTable.Col label="Made" disableSort>
              <DateField source="createdAt" />
            </DataTable.Col>
            <DataTable.Col label="Works until" disableSort>
              <DateField source="expiresAt" />
            </DataTable.Col>
            <DataTable.Col label="" disableSort cellClassName="acts">
              <Revoke />
            </DataTable.Col>
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

const nameOf = ({ email, claimsMember }: Invitation) =>
  email ?? (claimsMember ? `whoever is ${claimsMember.displayName}` : 'whoever has the link');

function Revoke() {
  const invitation = useRecordContext<Invitation>();
  const dataProvider = useDataProvider<KithDataProvider>();
  if (!invitation) return null;
  return (
    <ActButton
      label="Revoke"
      icon={<RevokeIcon />}
      color="error"
      variant="text"
      question="Revoke this invitation?"
      explanation="The link stops working at once. Who joined by it stays."
      disabledBecause={invitation.state === 'OPEN' ? undefined : 'It does not work any more.'}
      run={() => dataProvider.revokeInvitation(invitation.id)}
      done="The invitation is revoked."
    />
  );
}

const NoInvitations = () => (
  <EmptyState title="No invitations yet">Invite people by e-mail, or make a link to pass on.</EmptyState>
);
