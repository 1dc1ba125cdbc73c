import { Alert, Box, Card, CardContent, FormControlLabel, Skeleton, Switch } from '@mui/material';
import { useRef, useState } from 'react';
import { PageHeader } from '../common/PageHeader.tsx';
import { EmptyState } from '../common/EmptyState.tsx';
import { words } from '../errors.ts';
import { CategoryFile } from './CategoryFile.tsx';
import { CategoryPanel } from './CategoryPanel.tsx';
import { NewCategory } from './NewCategory.tsx';
import { CategoryTree } from './CategoryTree.tsx';
import { useCategories } from './useCategories.ts';

/** The tree on the left, what can be done with the chosen category on the right. */
export function CategoryPage() {
  const { tree, all, error, isPending } = useCategories();
  const [chosenId, setChosenId] = useState<string>();
  const [showsArchived, setShowsArchived] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const choose = (id: string) => {
    setChosenId(id);
    // On a phone the panel stands above a long tree.
    requestAnimationFrame(() => panel.current?.scrollIntoView({ block: 'nearest' }));
  };
  const chosen = all.find(({ id }) => id === chosenId);
  return (
    <>
      <PageHeader
        title="Categories"
        help="How the directory is ordered, at most five levels deep. Members choose from these."
      >
        <CategoryFile />
        <FormControlLabel
          sx={{ ml: 0.5 }}
          label="Show archived"
          control={
            <Switch size="small" checked={showsArchived} onChange={({ target }) => setShowsArchived(target.checked)} />
          }
        />
      </PageHeader>
      {error && <Alert severity="error">{words(error)}</Alert>}
      {isPending && <Skeleton variant="rounded" height={320} />}
      {!isPending && !error && (
        <Box
          sx={{
            display: 'grid',
            gap: 2,
            alignItems: 'start',
            gridTemplateColumns: { xs: '1fr', md: 'minmax(0, 3fr) minmax(300px, 2fr)' },
          }}
        >
          <Card component="section" aria-label="Tree" sx={{ order: { xs: 1, md: 0 } }}>
            <CardContent>
              <NewCategory parentId={null} label="New top category" />
              {all.length === 0 && <EmptyState title="No categories yet">Add the first one above.</EmptyState>}
              <CategoryTree branches={tree} chosenId={chosenId} choose={choose} showsArchived={showsArchived} />
            </CardContent>
          </Card>
          <Card
            component="section"
            ref={panel}
            aria-label="Chosen category"
            sx={{
              position: { md: 'sticky' },
              top: 64,
              scrollMarginTop: 64,
              display: { xs: chosen ? 'block' : 'none', md: 'block' },
            }}
          >
            <CardContent>
              {chosen ? (
                <CategoryPanel key={chosen.id} category={chosen} all={all} />
              ) : (
                <EmptyState title="Choose a category">Then rename, move, archive or merge it here.</EmptyState>
              )}
            </CardContent>
          </Card>
        </Box>
      )}
    </>
  );
}
