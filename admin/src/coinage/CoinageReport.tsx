import { Box, Card, CardContent, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import { moneyInWords } from '../common/moneyInWords.ts';
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
      <CardContent sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 4, rowGap: 1.5 }}>
        {Object.entries(sums).map(([name, sum]) => (
          <Box key={name}>
            <Typography variant="body2" color="textSecondary">
              {`${name.charAt(0).toUpperCase()}${name.slice(1)}`}
            </Typography>
            <Typography sx={{ typography: 'h3', fontVariantNumeric: 'tabular-nums' }}>{moneyInWords(sum)}</Typography>
          </Box>
        ))}
      </CardContent>
    </Card>
  );
}
