import { Alert, Box, Card, CardContent, LinearProgress, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import { useHere } from '../account/useHere.ts';
import { Facts } from '../common/Facts.tsx';
import { PageHeader } from '../common/PageHeader.tsx';
import type { KithDataProvider } from '../dataProvider.ts';
import { Figure, Figures } from '../dashboard/Figure.tsx';
import { words } from '../errors.ts';
import { LearnedCategories } from './LearnedCategories.tsx';
import type { Progress } from './understanding.ts';

const REFRESH_MS = 5_000;

const STATES = {
  OFF: 'Off, by configuration: words serve alone',
  ASLEEP: 'Not used yet',
  LOADING: 'Being loaded',
  READY: 'Ready',
  DOWN: 'Down: words serve alone, and it is asked again by itself',
} as const;

/** What texts mean to search and matching: how the model stands, how far it is, and what was learned of categories. */
export function UnderstandingPage() {
  const { data: here } = useHere();
  return (
    <>
      <PageHeader
        title="Understanding"
        help="Search and matching know what listings mean, whatever their words and language. Here is how far they are."
      />
      <OfCommunity />
      {here?.me?.platformAdministrator && <OfPlatform />}
    </>
  );
}

function OfCommunity() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data, error, isPending } = useQuery({
    queryKey: ['understanding'],
    queryFn: () => dataProvider.understanding(),
    refetchInterval: REFRESH_MS,
  });
  if (error) return <Alert severity="error">{words(error)}</Alert>;
  if (isPending) return <Skeleton variant="rounded" height={160} />;
  const { understanding, understoodListings: counts } = data;
  return (
    <Box component="section" aria-label="This community" sx={{ display: 'grid', gap: 2 }}>
      <Figures>
        <Figure name="Understood" value={counts.understood} parts="Found and matched by meaning, too" />
        <Figure name="By words alone" value={counts.notUnderstood} parts="In a language the model does not know" />
        <Figure name="Waiting" value={counts.waiting} parts="Not looked at yet" />
      </Figures>
      <ModelCard progress={understanding} />
    </Box>
  );
}

function OfPlatform() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data, error } = useQuery({
    queryKey: ['platformUnderstanding'],
    queryFn: () => dataProvider.platformUnderstanding(),
    refetchInterval: REFRESH_MS,
  });
  if (error) return <Alert severity="error">{words(error)}</Alert>;
  if (!data) return null;
  return (
    <Box component="section" aria-label="All communities" sx={{ display: 'grid', gap: 2, mt: 4 }}>
      <Typography variant="h2">All communities</Typography>
      <ModelCard progress={data.platformUnderstanding} />
      <LearnedCategories learned={data.learnedCategories} />
    </Box>
  );
}

function ModelCard({ progress }: { progress: Progress }) {
  const { state, notice, model, listings, done, behind } = progress;
  return (
    <Card>
      <CardContent sx={{ display: 'grid', gap: 2 }}>
        <Facts
          facts={[
            ['Model', model],
            ['State', STATES[state]],
            ['Communities to do', progress.communitiesBehind || 'None'],
          ]}
        />
        {notice && (
          <Alert severity="warning" variant="outlined">
            {notice}
          </Alert>
        )}
        {listings > 0 && (
          <Box role="status">
            <Typography variant="body2" gutterBottom>
              {done.toLocaleString()} of {listings.toLocaleString()} listings; what was known before serves meanwhile.
            </Typography>
            <LinearProgress variant="determinate" value={(100 * done) / listings} aria-label="Listings looked at" />
          </Box>
        )}
        {behind.map((one) => (
          <Typography key={one.communityId} variant="body2" color="textSecondary">
            {one.name}: {one.done} of {one.listings}
            {one.serving ? ', the model before serves' : ', words serve'}
          </Typography>
        ))}
      </CardContent>
    </Card>
  );
}
