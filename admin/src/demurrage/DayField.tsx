import { MenuItem, TextField } from '@mui/material';
import type { Rules } from './demurrage.ts';

const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long', timeZone: 'UTC' });
const WEEK = [1, 2, 3, 4, 5, 6, 7];

interface DayFieldProps {
  period: Rules['policies']['demurragePeriod'];
  value: number;
  onChange(day: number): void;
}

/** The day a period ends on, in the words of that period; every day ends a day. */
export function DayField({ period, value, onChange }: DayFieldProps) {
  const field = { label: 'Last day', onChange: ({ target }: { target: { value: string } }) => onChange(+target.value) };
  if (period === 'DAY') return <TextField label="Last day" disabled value="Every day" />;
  if (period === 'WEEK')
    return (
      // Whatever is above 7 is a Sunday.
      <TextField select {...field} value={Math.min(value, WEEK.length)}>
        {WEEK.map((day) => (
          <MenuItem key={day} value={day}>
            {weekday.format(MONDAY + (day - 1) * DAY_MS)}
          </MenuItem>
        ))}
      </TextField>
    );
  return (
    <TextField
      type="number"
      {...field}
      value={value}
      helperText={`Of the ${period === 'MONTH' ? 'month' : 'quarter’s last month'}; 31 is its last.`}
      slotProps={{ htmlInput: { min: 1, max: 31 } }}
    />
  );
}
