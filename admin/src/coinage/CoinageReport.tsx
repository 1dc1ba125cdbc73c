import { Box, Card, CardContent, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import type { KithDataProvider } from '../dataProvider.ts';

/** What coinage came to in the whole community. */
export function CoinageReport() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data } = useQuery({ queryKey: ['coinage', 'report'], queryFn: () => dataProvider.coinageReport() });
  if (!data) return null;
  const { granted, minted, pending, voided, expired, remaining } = data.coinageReport;
  const sums = { granted, minted, pending, voided, expired, remaining };
  return (
    <Card component="section" aria-label="In total" sx={{ mb: 2 }}>
      <CardContent sx={{ display: 'flex', flexWrap: 'wrap', gap: 4 }}>
        {Object.entries(sums).map(([name, { amount }]) => (
          <Box key={name}>
            <Typography variant="body2" color="textSecondary">
              {`${name.charAt(0).toUpperCase()}${name.slice(1)}`}
            </Typography>
            <Typography variant="h6">{`${amount} ${granted.currencyCode}`}</Typography>
          </Box>
        ))}
      </CardContent>
    </Card>
  );
}
