import { Alert, Box, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import { PageHeader } from '../common/PageHeader.tsx';
import { inWords } from '../common/StateChip.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { UNDECIDED } from '../trades/trades.ts';
import { Figure, Figures } from './Figure.tsx';

const REFRESH_MS = 30_000;

/** The community at a glance, with what waits for an operator first. */
export function Dashboard() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data, error, isPending } = useQuery({
    queryKey: ['dashboard'],
    queryFn: () => dataProvider.dashboard(),
    refetchInterval: REFRESH_MS,
  });
  return (
    <>
      <PageHeader title="Dashboard" help="What is in the community, and what waits for you." />
      {error && <Alert severity="error">{words(error)}</Alert>}
      {isPending && <Skeleton variant="rounded" height={240} />}
      {data && <Counts {...data} />}
    </>
  );
}

type Data = Awaited<ReturnType<KithDataProvider['dashboard']>>;

function Counts({ members, offers, wants, notices, ...counts }: Data) {
  const { undecidedDisputes, checkedImports, accountsInArrears } = counts;
  // Whose role does not open a list sees the number alone.
  const [disputes, imports, accounts] = [
    useRefusal('disputesResolve'),
    useRefusal('importRun'),
    useRefusal('ledgerRead'),
  ];
  return (
    <Box sx={{ display: 'grid', gap: 3 }}>
      <Group name="Waiting for you">
        <Figure
          name="Applications"
          value={members.applied}
          parts={members.applied ? 'People who want to join' : 'Nobody is waiting'}
          to={filtered('members', { state: 'APPLIED' })}
          urgent
        />
        <Figure
          name="Disputes"
          value={undecidedDisputes}
          parts={undecidedDisputes ? 'Opened or appealed' : 'Nothing to decide'}
          to={disputes ? undefined : filtered('disputes', { state: UNDECIDED })}
          urgent
        />
        <Figure
          name="Imports to start"
          value={checkedImports}
          parts="Checked, nothing written yet"
          to={imports ? undefined : filtered('imports', { state: 'CHECKED' })}
          urgent
        />
        <Figure
          name="Accounts in arrears"
          value={accountsInArrears}
          parts="Less than nothing available"
          to={accounts ? undefined : filtered('accounts', { inArrears: true })}
        />
        <Figure
          name="Hidden listings"
          value={offers.hidden + wants.hidden}
          parts="Hidden by a moderator"
          to={filtered('listings', { state: 'HIDDEN' })}
        />
        <Figure
          name="Suspended"
          value={members.suspended}
          parts="May sign in, not act"
          to={filtered('members', { state: 'SUSPENDED' })}
        />
      </Group>
      <Group name="Members">
        <Figure
          name="Active members"
          value={members.active}
          parts={`${counts.newMembers} new in 7 days`}
          to={filtered('members', { state: 'ACTIVE' })}
        />
        <Figure name="Without an offer" value={counts.membersWithoutOffers} parts="Active, nothing published" />
      </Group>
      <Group name="Directory">
        <Figure
          name="Published offers"
          value={offers.published}
          parts={pausedAndExpired(offers)}
          to={filtered('listings', { kind: 'OFFER', state: 'PUBLISHED' })}
        />
        <Figure
          name="Published wants"
          value={wants.published}
          parts={pausedAndExpired(wants)}
          to={filtered('listings', { kind: 'WANT', state: 'PUBLISHED' })}
        />
        <Figure name="New listings" value={counts.newListings} parts="Published in 7 days" />
        <Figure name="Open suggestions" value={counts.openSuggestions} parts="Pairs nobody has answered" />
      </Group>
      {notices.map(({ part, text }) => (
        <Alert key={part} severity="info" variant="outlined">
          <strong>{inWords(part)}.</strong> {text}
        </Alert>
      ))}
    </Box>
  );
}

const Group = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <section aria-label={name}>
    <Typography variant="h2" sx={{ mb: 1.25 }}>
      {name}
    </Typography>
    <Figures>{children}</Figures>
  </section>
);

const pausedAndExpired = ({ paused, expired }: { paused: number; expired: number }) =>
  `${paused} paused, ${expired} expired`;

/** The address of a list that shows only these. */
const filtered = (resource: string, filter: Record<string, string | boolean>) =>
  `/${resource}?filter=${encodeURIComponent(JSON.stringify(filter))}`;
