import { Box, ButtonBase, Typography } from '@mui/material';
import { alpha } from '@mui/material/styles';
import type { Branch } from './tree.ts';

interface CategoryTreeProps {
  branches: Branch[];
  chosenId: string | undefined;
  choose(id: string): void;
  showsArchived: boolean;
}

export function CategoryTree({ branches, ...shared }: CategoryTreeProps) {
  const { chosenId, choose, showsArchived } = shared;
  const shown = branches.filter(({ isArchived }) => showsArchived || !isArchived);
  if (!shown.length) return null;
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {shown.map((branch) => (
        <li key={branch.id}>
          <ButtonBase
            aria-pressed={branch.id === chosenId}
            onClick={() => choose(branch.id)}
            sx={{
              width: '100%',
              justifyContent: 'flex-start',
              gap: 1,
              textAlign: 'left',
              borderRadius: 1,
              py: branch.depth ? 0.5 : 0.75,
              pr: 1,
              pl: 1 + branch.depth * 2.5,
              backgroundColor: ({ palette }) =>
                branch.id === chosenId ? alpha(palette.primary.main, 0.12) : 'transparent',
              '&:hover': { backgroundColor: ({ palette }) => alpha(palette.primary.main, 0.07) },
            }}
          >
            <Typography
              component="span"
              variant="body2"
              sx={{
                fontWeight: branch.depth ? 400 : 600,
                color: branch.isArchived ? 'text.secondary' : 'text.primary',
                textDecoration: branch.isArchived ? 'line-through' : 'none',
              }}
            >
              {branch.name}
            </Typography>
          </ButtonBase>
          <CategoryTree branches={branch.children} {...shared} />
        </li>
      ))}
    </Box>
  );
}
