import { Alert, Box, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { LearnedCategories } from './LearnedCategories.tsx';
import { ModelCard } from './ModelCard.tsx';

const REFRESH_MS = 5_000;

/** How far the texts of all communities are, and what was learned from them. For platform administrators. */
export function PlatformUnderstanding() {
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
