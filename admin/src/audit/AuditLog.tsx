import { Box, Typography, useMediaQuery, type Theme } from '@mui/material';
import { DataTable, DateInput, SelectInput, SimpleList } from 'react-admin';
import { Link } from 'react-router-dom';
import { csvExporter } from '../common/csv.ts';
import { momentInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import type { AuditEntry } from './audit.ts';

const DOMAINS = [
  ['member.', 'Members'],
  ['invitation.', 'Invitations'],
  ['listing.', 'Listings'],
  ['category.', 'Categories'],
  ['community.', 'Community'],
  ['charter.', 'Charter'],
  ['import.', 'Imports'],
].map(([id, name]) => ({ id, name }));

const filters = [
  <SelectInput key="action" source="action" label="About" choices={DOMAINS} alwaysOn />,
  <DateInput key="from" source="from" label="From" alwaysOn />,
  <DateInput key="to" source="to" label="To" alwaysOn />,
];

const exporter = csvExporter<AuditEntry>('audit-log', {
  time: ({ createdAt }) => createdAt,
  actor: ({ actor }) => actor?.displayName,
  action: ({ action }) => action,
  subject_type: ({ subjectType }) => subjectType,
  subject_id: ({ subjectId }) => subjectId,
  reason: ({ reason }) => reason,
  detail: ({ detail }) => JSON.stringify(detail),
});

export function AuditLog() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader title="Audit log" help="What operators did here, and why. Nobody can change or delete a line." />
      <RecordList filters={filters} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<AuditEntry>
            primaryText={({ action }) => actionInWords(action)}
            secondaryText={({ reason, actor, createdAt }) =>
              [actor?.displayName, momentInWords(createdAt), reason].filter(Boolean).join(' · ')
            }
            rowClick={false}
            empty={<NoEntries />}
          />
        ) : (
          <DataTable<AuditEntry> rowClick={false} bulkActionButtons={false} empty={<NoEntries />}>
            <DataTable.Col label="When" disableSort render={({ createdAt }) => momentInWords(createdAt)} />
            <DataTable.Col label="Who" disableSort render={({ actor }) => actor?.displayName ?? 'Administration'} />
            <DataTable.Col label="What" disableSort render={(entry: AuditEntry) => <What {...entry} />} />
            <DataTable.Col label="Why" disableSort render={({ reason }) => reason ?? '–'} />
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

const pages: Record<string, string> = { Member: 'members', Listing: 'listings' };

function What({ action, subjectType, subjectId, detail }: AuditEntry) {
  const page = pages[subjectType];
  const known = detail && typeof detail === 'object' ? Object.entries(detail) : [];
  return (
    <Box>
      <Typography variant="body2" sx={{ fontWeight: 600 }}>
        {page ? (
          <Link to={`/${page}/${encodeURIComponent(subjectId)}/show`} style={{ color: 'inherit' }}>
            {actionInWords(action)}
          </Link>
        ) : (
          actionInWords(action)
        )}
      </Typography>
      {known.length > 0 && (
        <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
          {known
            .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
            .join(', ')}
        </Typography>
      )}
    </Box>
  );
}

/** member.suspend is "Member: suspend". */
const actionInWords = (action: string) => {
  const [domain = '', verb = ''] = action.split('.');
  return `${domain.charAt(0).toUpperCase()}${domain.slice(1)}: ${verb}`;
};

const NoEntries = () => (
  <EmptyState title="Nothing happened yet">Every act of an operator will stand here with its reason.</EmptyState>
);
