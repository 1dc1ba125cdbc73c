import { Box, Typography } from '@mui/material';

/** The name and its sign: three circles that hold each other. */
export const Brand = ({ size = 26 }: { size?: number }) => (
  <Box sx={{ display: 'inline-flex', alignItems: 'center', gap: 1 }}>
    <Box component="img" src="/kith.svg" alt="" sx={{ width: size, height: size, display: 'block' }} />
    <Typography component="span" variant="h6" sx={{ fontSize: size * 0.72 }}>
      Kith
    </Typography>
  </Box>
);
