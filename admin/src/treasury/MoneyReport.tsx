import { Alert, Box, Card, CardContent, MenuItem, Skeleton, TextField, Tooltip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useDataProvider } from 'react-admin';
import { moneyInWords } from '../common/moneyInWords.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import type { MoneyFigures } from './treasury.ts';

const SPANS = [7, 30, 90, 365];
const DAY_MS = 86_400_000;

/** How the community's money is: how much there is, how it moves and who has it. */
export function MoneyReport() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const [days, setDays] = useState(30);
  const { data, error, isPending } = useQuery({
    queryKey: ['moneyReport', days],
    queryFn: () => dataProvider.moneyReport({ from: new Date(Date.now() - days * DAY_MS).toISOString(), to: null }),
  });
  return (
    <Card component="section" aria-label="The economy" sx={{ mt: 2 }}>
      <CardContent>
        <Box sx={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', gap: 2, mb: 1.5 }}>
          <Typography variant="h2">The economy</Typography>
          <TextField
            select
            size="small"
            label="Of the last"
            value={days}
            sx={{ minWidth: 130 }}
            onChange={({ target }) => setDays(Number(target.value))}
          >
            {SPANS.map((span) => (
              <MenuItem key={span} value={span}>
                {span} days
              </MenuItem>
            ))}
          </TextField>
        </Box>
        {error && <Alert severity="error">{words(error)}</Alert>}
        {isPending && <Skeleton variant="rounded" height={100} />}
        {data && <Figures {...data} />}
      </CardContent>
    </Card>
  );
}

const percent = (share: string | null) => (share === null ? '–' : `${Math.round(Number(share) * 100)} %`);

const Figures = (report: MoneyFigures) => {
  const figures: [name: string, value: string, meaning: string][] = [
    ['Supply', moneyInWords(report.supply), 'All coins there are now.'],
    ['Minted', moneyInWords(report.minted), 'New coins.'],
    ['Burned', moneyInWords(report.burned), 'Coins that were taken out of the world, undone mints among them.'],
    ['Volume', moneyInWords(report.volume), 'What members were paid by members, less refunds.'],
    [
      'Velocity',
      report.velocity === null
        ? '–'
        : `${Number(report.velocity).toLocaleString(undefined, { maximumFractionDigits: 1 })} a year`,
      'How often a coin changes hands: volume by the mean supply, reckoned for a year.',
    ],
    [
      'Concentration',
      report.gini === null ? '–' : Number(report.gini).toFixed(2),
      'Gini: 0 when all hold the same, near 1 when one holds all.',
    ],
    ['Held by the top tenth', percent(report.topTenthShare), 'The share of those who have most.'],
    ['Demurrage', moneyInWords(report.demurrage), 'What it brought the treasury.'],
    ['Payments and trades', report.payments.toLocaleString(), 'Those that were not reversed.'],
    ['Active', `${report.traders} of ${report.members}`, 'Members who paid or were paid.'],
    ['Inactive', report.inactive.toLocaleString(), 'Members who neither paid nor were paid.'],
  ];
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fill, minmax(140px, 1fr))' }}>
      {figures.map(([name, value, meaning]) => (
        <Tooltip key={name} title={meaning}>
          <Box tabIndex={0} aria-label={`${name}: ${value}. ${meaning}`}>
            <Typography variant="overline" color="textSecondary" component="div" sx={{ lineHeight: 1.6 }}>
              {name}
            </Typography>
            <Typography sx={{ fontVariantNumeric: 'tabular-nums' }}>{value}</Typography>
          </Box>
        </Tooltip>
      ))}
    </Box>
  );
};
