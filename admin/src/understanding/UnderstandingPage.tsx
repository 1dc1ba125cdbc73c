import { Alert, Box, Skeleton } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import { useHere } from '../account/useHere.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import type { KithDataProvider } from '../dataProvider.ts';
import { Figure, Figures } from '../dashboard/Figure.tsx';
import { words } from '../errors.ts';
import { ModelCard } from './ModelCard.tsx';
import { PlatformUnderstanding } from './PlatformUnderstanding.tsx';

const REFRESH_MS = 5_000;

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
      {here?.me?.platformAdministrator && <PlatformUnderstanding />}
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
