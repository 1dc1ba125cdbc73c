import { Box, Typography } from '@mui/material';
import { useEffect, type ReactNode } from 'react';

/** The page's name, a sentence of help, and what can be done here. */
export function PageHeader({ title, help, children }: { title: string; help?: ReactNode; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Kith`;
  }, [title]);
  return (
    <Box
      component="header"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'flex-end',
        gap: 2,
        justifyContent: 'space-between',
        mt: 2,
        mb: 2,
      }}
    >
      <Box sx={{ maxWidth: '44rem' }}>
        <Typography variant="h1" tabIndex={-1}>
          {title}
        </Typography>
        {help && (
          <Typography color="textSecondary" sx={{ mt: 0.5 }}>
            {help}
          </Typography>
        )}
      </Box>
      {children && <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>{children}</Box>}
    </Box>
  );
}
