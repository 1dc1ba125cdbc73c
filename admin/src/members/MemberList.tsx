import { Box, Typography, useMediaQuery, type Theme } from '@mui/material';
import { BooleanInput, DataTable, DateField, SearchInput, SelectInput, SimpleList } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { WholeExport } from '../common/WholeExport.tsx';
import { choicesOf, inWords, StateChip } from '../common/StateChip.tsx';
import { MemberActs } from './MemberActs.tsx';
import type { MemberRow } from './members.ts';

const STATES = ['APPLIED', 'ACTIVE', 'SUSPENDED', 'LEAVING', 'LEFT', 'REJECTED'];
export const ROLES = ['BROKER', 'MODERATOR', 'TREASURER', 'OPERATOR'] as const;

const filters = [
  <SearchInput key="text" source="text" placeholder="Name or e-mail" alwaysOn />,
  <SelectInput key="state" source="state" label="State" choices={choicesOf(STATES)} alwaysOn />,
  <SelectInput key="role" source="role" label="Role" choices={choicesOf(ROLES)} />,
  <SelectInput
    key="offers"
    source="offers"
    label="Offers"
    choices={[
      { id: 'NONE', name: 'Without offers' },
      { id: 'SOME', name: 'With offers' },
    ]}
  />,
  <BooleanInput key="isPlaceholder" source="isPlaceholder" label="Nobody has signed in for them" />,
];

const exporter = csvExporter<MemberRow>('members', {
  name: ({ displayName }) => displayName,
  email: ({ email }) => email,
  state: ({ state }) => state,
  roles: ({ roles }) => (roles ? [...roles] : []),
  applied_at: ({ appliedAt }) => appliedAt,
  member_since: ({ memberSince }) => memberSince,
  external_id: ({ externalId }) => externalId,
});

export function MemberList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader
        title="Members"
        help="Everybody who belongs here or wants to. Open one to read more and to give roles."
      >
        <WholeExport of="members" />
      </PageHeader>
      <RecordList filters={filters} sort={{ field: 'appliedAt', order: 'DESC' }} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<MemberRow>
            primaryText={({ displayName }) => displayName}
            secondaryText={({ email, roles }) => email ?? rolesInWords(roles)}
            tertiaryText={({ state }) => <StateChip state={state ?? ''} />}
            rowClick="show"
            empty={<NoMembers />}
          />
        ) : (
          <DataTable<MemberRow> rowClick="show" bulkActionButtons={false} empty={<NoMembers />}>
            <DataTable.Col source="displayName" label="Name" render={(member: MemberRow) => <Name {...member} />} />
            <DataTable.Col label="Roles" disableSort render={({ roles }) => rolesInWords(roles)} />
            <DataTable.Col label="State" disableSort render={({ state }) => <StateChip state={state ?? ''} />} />
            <DataTable.Col source="appliedAt" label="Applied">
              <DateField source="appliedAt" emptyText="–" />
            </DataTable.Col>
            <DataTable.Col source="memberSince" label="Member since">
              <DateField source="memberSince" emptyText="–" />
            </DataTable.Col>
            <DataTable.Col label="" disableSort cellClassName="acts">
              <MemberActs />
            </DataTable.Col>
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

const Name = ({ displayName, email, isPlaceholder }: MemberRow) => (
  <Box sx={{ py: 0.5 }}>
    <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
      {displayName}
    </Typography>
    <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
      {email ?? (isPlaceholder ? 'nobody has signed in yet' : '')}
    </Typography>
  </Box>
);

/** "Member" alone says nothing; the others do. */
export const rolesInWords = (roles: readonly string[] | null) =>
  (roles ?? [])
    .filter((role) => role !== 'MEMBER')
    .map(inWords)
    .join(', ') || 'Member';

const NoMembers = () => (
  <EmptyState title="Nobody here">
    Nobody fits these filters. People come by invitation, by application, or from an import.
  </EmptyState>
);
