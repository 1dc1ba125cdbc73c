import { Card, CardContent, Typography } from '@mui/material';
import type { ReactNode } from 'react';

/** A part of the page with its name. */
export const Part = ({ name, children }: { name: string; children: ReactNode }) => (
  <Card component="section" aria-label={name}>
    <CardContent>
      <Typography variant="h2" gutterBottom>
        {name}
      </Typography>
      {children}
    </CardContent>
  </Card>
);
