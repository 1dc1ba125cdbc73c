import { Box, Card, CardActionArea, CardContent, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';

interface FigureProps {
  name: string;
  value: number;
  /** What it is made of. */
  parts?: string;
  to?: string | undefined;
  /** Somebody waits for the operator. */
  urgent?: boolean;
}

/** One count with its name; the whole card leads to what was counted. */
export function Figure({ name, value, parts, to, urgent = false }: FigureProps) {
  const content = (
    <CardContent sx={{ p: 2, '&:last-child': { pb: 2 } }}>
      <Typography variant="overline" color="textSecondary" component="div">
        {name}
      </Typography>
      <Typography
        component="div"
        sx={{ typography: 'h1', fontSize: '2rem', color: urgent && value > 0 ? 'secondary.main' : 'text.primary' }}
      >
        {value.toLocaleString()}
      </Typography>
      <Typography variant="body2" color="textSecondary" sx={{ minHeight: '1.43em' }}>
        {parts}
      </Typography>
    </CardContent>
  );
  const label = `${name}: ${value}`;
  return (
    <Card component="section" aria-label={label}>
      {to ? (
        <CardActionArea component={Link} to={to} aria-label={label} sx={{ height: '100%' }}>
          {content}
        </CardActionArea>
      ) : (
        content
      )}
    </Card>
  );
}

export const Figures = ({ children }: { children: ReactNode }) => (
  <Box
    sx={{
      display: 'grid',
      gap: 2,
      gridTemplateColumns: { xs: 'repeat(2, minmax(0, 1fr))', md: 'repeat(auto-fill, minmax(150px, 1fr))' },
    }}
  >
    {children}
  </Box>
);
