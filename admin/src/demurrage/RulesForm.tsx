import {
  Alert,
  Box,
  Button,
  Card,
  CardContent,
  FormControlLabel,
  MenuItem,
  Switch,
  TextField,
  Typography,
} from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDataProvider, useNotify } from 'react-admin';
import { RefusableButton } from '../common/RefusableButton.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import type { Proposal, Rules } from './demurrage.ts';
import { DayField } from './DayField.tsx';
import { PreviewCard } from './PreviewCard.tsx';

const PERIODS = [
  ['DAY', 'Every day'],
  ['WEEK', 'Every week'],
  ['MONTH', 'Every month'],
  ['QUARTER', 'Every quarter'],
];

/** The rules as they are; others can be tried out on today's balances before they are announced. */
export function RulesForm({ policies, timeZone, currency }: Rules) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const [notify, queries] = [useNotify(), useQueryClient()];
  const refusal = useRefusal('communityEdit');
  const [rules, setRules] = useState(policies);
  const isChanged = (Object.keys(policies) as (keyof typeof policies)[]).some((rule) => rules[rule] !== policies[rule]);
  const [shown, setShown] = useState<Proposal>();
  const [from, setFrom] = useState('');
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<string>();
  const set = (change: Partial<typeof rules>) => setRules({ ...rules, ...change });
  const number = (name: 'demurrageAllowance' | 'demurrageGraceDays', label: string, help: string) => (
    <TextField
      type="number"
      label={label}
      helperText={help}
      value={rules[name]}
      onChange={({ target }) => set({ [name]: Number(target.value) })}
      slotProps={{ htmlInput: { min: 0 } }}
    />
  );

  async function announce() {
    setFailure(undefined);
    try {
      if (from)
        await dataProvider.schedulePolicies({ policies: rules, effectiveAt: new Date(from).toISOString(), reason });
      else await dataProvider.updatePolicies(rules, reason.trim());
      setReason('');
      if (from) {
        setFrom('');
        // What is announced does not hold yet.
        setRules(policies);
      }
      await queries.invalidateQueries();
      notify(from ? 'The change is announced: members can read it.' : 'The rules hold from now on.', {
        type: 'success',
      });
    } catch (error) {
      setFailure(words(error));
    }
  }

  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', lg: '1fr 1fr' }, alignItems: 'start' }}>
      <Card component="section" aria-label="Rules">
        <CardContent
          component="form"
          sx={{ display: 'grid', gap: 2 }}
          onSubmit={(event) => {
            event.preventDefault();
            void announce();
          }}
        >
          <Box>
            <Typography variant="h2">Rules</Typography>
            <Typography variant="body2" color="textSecondary">
              Change them here to see who would pay what; nothing is charged by looking.
            </Typography>
          </Box>
          <FormControlLabel
            label="Demurrage is charged"
            sx={{ ml: 0 }}
            control={
              <Switch
                size="small"
                checked={rules.demurrage}
                sx={{ mr: 1 }}
                onChange={({ target }) => set({ demurrage: target.checked })}
              />
            }
          />
          <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
            <TextField
              type="number"
              label="Rate of a period, %"
              value={rules.demurrageRatePpm / 10_000}
              onChange={({ target }) => set({ demurrageRatePpm: Math.round(Number(target.value) * 10_000) })}
              slotProps={{ htmlInput: { min: 0, max: 100, step: 0.0001 } }}
            />
            <TextField
              select
              label="Period"
              value={rules.demurragePeriod}
              onChange={({ target }) => set({ demurragePeriod: target.value as typeof rules.demurragePeriod })}
            >
              {PERIODS.map(([value, name]) => (
                <MenuItem key={value} value={value}>
                  {name}
                </MenuItem>
              ))}
            </TextField>
            <DayField
              period={rules.demurragePeriod}
              value={rules.demurrageDay}
              onChange={(demurrageDay) => set({ demurrageDay })}
            />
            <TextField
              type="time"
              label="Time"
              helperText={`In ${timeZone}.`}
              value={rules.demurrageTime}
              onChange={({ target }) => set({ demurrageTime: target.value })}
            />
            {number('demurrageAllowance', `Allowance, ${currency.code}`, 'What everybody holds for nothing.')}
            {number('demurrageGraceDays', 'Days of grace', 'After the admission.')}
          </Box>
          <Box>
            <Button variant="outlined" onClick={() => setShown(rules)}>
              Who would pay what
            </Button>
          </Box>
          <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
            <TextField
              type="datetime-local"
              label="From when"
              helperText="Left empty: from now on. Never backwards."
              value={from}
              onChange={({ target }) => setFrom(target.value)}
              slotProps={{ inputLabel: { shrink: true } }}
            />
            <TextField
              label="Reason"
              required={from !== ''}
              helperText={`Members read it in the history.${from ? '' : ' May be left out.'}`}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
              slotProps={{ htmlInput: { maxLength: 1000 } }}
            />
          </Box>
          {failure && <Alert severity="error">{failure}</Alert>}
          <Box>
            <RefusableButton
              type="submit"
              variant="contained"
              size="medium"
              disabledBecause={refusal ?? (isChanged ? undefined : 'The rules above are those in force.')}
            >
              {from ? 'Announce the change' : 'Change from now on'}
            </RefusableButton>
          </Box>
        </CardContent>
      </Card>
      <PreviewCard proposal={shown ?? policies} />
    </Box>
  );
}
