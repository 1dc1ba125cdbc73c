import UpIcon from '@mui/icons-material/ArrowUpward';
import DownIcon from '@mui/icons-material/ArrowDownward';
import { Box, Button, Divider, MenuItem, TextField, Tooltip, Typography } from '@mui/material';
import { useState } from 'react';
import { useDataProvider } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { NewCategory } from './NewCategory.tsx';
import { idsOf, type Branch } from './tree.ts';
import { useChange } from './useChange.ts';

interface CategoryPanelProps {
  category: Branch;
  all: Branch[];
}

/** What can be done with one category. */
export function CategoryPanel({ category, all }: CategoryPanelProps) {
  const refusal = useRefusal('categoriesEdit');
  const { name, key, isArchived } = category;
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Box>
        <Typography variant="h2">{name}</Typography>
        <Typography variant="body2" color="textSecondary">
          Key {key}
          {isArchived && ', archived: no new listing can take it'}
        </Typography>
      </Box>
      {refusal && <Typography color="textSecondary">{refusal}</Typography>}
      {!refusal && !isArchived && (
        <>
          <Rename category={category} all={all} />
          <Place category={category} all={all} />
          <NewCategory parentId={category.id} label={`New category below ${name}`} />
        </>
      )}
      <Divider />
      <Ending category={category} all={all} />
    </Box>
  );
}

function Rename({ category: { id, name } }: CategoryPanelProps) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { change, busy } = useChange();
  const [wanted, setWanted] = useState(name);
  const rename = () =>
    change(() => dataProvider.renameCategory({ categoryId: id, name: wanted.trim() }), 'The category is renamed.');
  return (
    <Box
      component="form"
      sx={{ display: 'flex', gap: 1 }}
      onSubmit={(event) => {
        event.preventDefault();
        void rename();
      }}
    >
      <TextField fullWidth label="Name" value={wanted} onChange={({ target }) => setWanted(target.value)} />
      <Button type="submit" variant="outlined" disabled={busy || !wanted.trim() || wanted.trim() === name}>
        Rename
      </Button>
    </Box>
  );
}

const TOP = 'top';

function Place({ category, all }: CategoryPanelProps) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { change, busy } = useChange();
  const { id, parentId } = category;
  const own = idsOf(category);
  const siblings = all.filter((other) => other.parentId === parentId && !other.isArchived).map((other) => other.id);
  const at = siblings.indexOf(id);

  const moveUnder = (parent: string) =>
    change(
      () => dataProvider.moveCategory({ categoryId: id, parentId: parent === TOP ? null : parent }),
      'The category is moved.',
    );
  const swapWith = (other: number) => {
    const categoryIds = siblings.with(at, siblings[other]!).with(other, id);
    return change(() => dataProvider.reorderCategories({ parentId, categoryIds }), 'The order is changed.');
  };

  return (
    <Box sx={{ display: 'flex', gap: 1 }}>
      <TextField
        select
        fullWidth
        label="Stands below"
        value={parentId ?? TOP}
        disabled={busy}
        onChange={({ target }) => void moveUnder(target.value)}
      >
        <MenuItem value={TOP}>
          <em>nothing: at the top</em>
        </MenuItem>
        {all
          .filter((other) => !own.includes(other.id) && (!other.isArchived || other.id === parentId))
          .map((other) => (
            <MenuItem key={other.id} value={other.id} sx={{ pl: 2 + other.depth * 2 }}>
              {other.name}
            </MenuItem>
          ))}
      </TextField>
      <Tooltip title="Earlier among its siblings">
        <span>
          <Button
            aria-label="Move up"
            variant="outlined"
            disabled={busy || at <= 0}
            onClick={() => void swapWith(at - 1)}
            sx={{ minWidth: 40, height: 40 }}
          >
            <UpIcon fontSize="small" />
          </Button>
        </span>
      </Tooltip>
      <Tooltip title="Later among its siblings">
        <span>
          <Button
            aria-label="Move down"
            variant="outlined"
            disabled={busy || at < 0 || at >= siblings.length - 1}
            onClick={() => void swapWith(at + 1)}
            sx={{ minWidth: 40, height: 40 }}
          >
            <DownIcon fontSize="small" />
          </Button>
        </span>
      </Tooltip>
    </Box>
  );
}

function Ending({ category, all }: CategoryPanelProps) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('categoriesEdit');
  const { change } = useChange();
  const [intoId, setIntoId] = useState('');
  const { id, name, isArchived } = category;
  const own = idsOf(category);
  const into = all.find((other) => other.id === intoId);
  if (isArchived)
    return (
      <Button
        variant="outlined"
        disabled={refusal !== undefined}
        onClick={() =>
          void change(
            () => dataProvider.archiveCategory({ categoryId: id, isArchived: false }),
            `“${name}” is in use again.`,
          )
        }
      >
        Bring back
      </Button>
    );
  return (
    <Box sx={{ display: 'grid', gap: 1.5, justifyItems: 'start' }}>
      <ActButton
        label="Archive"
        color="error"
        question={`Archive “${name}”?`}
        explanation="It and all below it go out of use. Listings keep theirs, and you can bring it back."
        disabledBecause={refusal}
        run={() => dataProvider.archiveCategory({ categoryId: id, isArchived: true })}
        done={`“${name}” is archived.`}
      />
      <TextField
        select
        fullWidth
        label="Merge into"
        value={intoId}
        disabled={refusal !== undefined}
        onChange={({ target }) => setIntoId(target.value)}
      >
        {all
          .filter((other) => !own.includes(other.id) && !other.isArchived)
          .map((other) => (
            <MenuItem key={other.id} value={other.id} sx={{ pl: 2 + other.depth * 2 }}>
              {other.name}
            </MenuItem>
          ))}
      </TextField>
      {into && (
        <ActButton
          label="Merge"
          color="error"
          question={`Merge “${name}” into “${into.name}”?`}
          explanation={`Listings and categories below “${name}” move to “${into.name}”, and “${name}” is archived. This cannot be undone.`}
          disabledBecause={refusal}
          run={() => dataProvider.mergeCategories({ fromId: id, intoId })}
          done={`“${name}” is merged into “${into.name}”.`}
        />
      )}
    </Box>
  );
}
