import { Alert, Box, Skeleton } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import { PageHeader } from '../common/PageHeader.tsx';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { CharterForm } from './CharterForm.tsx';
import { CommunityForm } from './CommunityForm.tsx';
import { PoliciesForm } from './PoliciesForm.tsx';
import { dealing, joining } from './policyGroups.ts';

/** What the community says of itself, the rules it sets, and its charter. */
export function SettingsPage() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data, error, isPending } = useQuery({ queryKey: ['community'], queryFn: () => dataProvider.community() });
  return (
    <>
      <PageHeader title="Settings" help="What the community says of itself, the rules it sets, and its charter." />
      {error && <Alert severity="error">{words(error)}</Alert>}
      {isPending && <Skeleton variant="rounded" height={320} />}
      {data && (
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', lg: '1fr 1fr' }, alignItems: 'start' }}>
          <CommunityForm {...data} />
          {data.policies && <PoliciesForm group={joining} policies={data.policies} />}
          <CharterForm charter={data.charter} />
          {data.policies && <PoliciesForm group={dealing} policies={data.policies} />}
        </Box>
      )}
    </>
  );
}
