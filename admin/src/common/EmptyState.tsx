import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

/** What to see where nothing is yet, and what to do about it. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Box sx={{ textAlign: 'center', py: { xs: 5, sm: 8 }, px: 2 }}>
      <Box
        component="img"
        src="/kith.svg"
        alt=""
        sx={{ width: 44, height: 44, opacity: 0.75, filter: 'saturate(0.6)' }}
      />
      <Typography variant="h2" sx={{ mt: 1.5 }}>
        {title}
      </Typography>
      {children && (
        <Typography component="div" color="textSecondary" sx={{ mt: 1, mx: 'auto', maxWidth: '32rem' }}>
          {children}
        </Typography>
      )}
    </Box>
  );
}
