import { fromMinor } from '../../api/src/money.ts';
import type { DayFigures } from './figures.ts';

interface Line {
  name: string;
  colour: string;
  values: (number | null)[];
}
interface Panel {
  title: string;
  lines: Line[];
}
const [WIDTH, HEIGHT, LEFT, TOP, GAP] = [900, 200, 90, 40, 60];
const TICKS = 4;

/** Supply and treasury, velocity, and how balances are spread, day by day, as one SVG. */
export function chartOf(
  days: readonly DayFigures[],
  { scale, currencyCode }: { scale: number; currencyCode: string },
): string {
  const units = (minor: bigint) => Number(fromMinor(minor, scale));
  const spread = (at: 0 | 1 | 2 | 3 | 4) => days.map(({ balances }) => units(balances[at]));
  const panels: Panel[] = [
    {
      title: `Supply and treasury, ${currencyCode}`,
      lines: [
        { name: 'supply', colour: '#1f4d46', values: days.map(({ supply }) => units(supply)) },
        { name: 'treasury', colour: '#9a5b1e', values: days.map(({ treasury }) => units(treasury)) },
      ],
    },
    {
      title: 'Velocity of the last 30 days, turns a year',
      lines: [
        {
          name: 'velocity',
          colour: '#2f6079',
          values: days.map(({ velocity }) => (velocity === null ? null : Number(velocity))),
        },
      ],
    },
    {
      title: `Balances of members, ${currencyCode}`,
      lines: [
        { name: 'largest', colour: '#b9b3a2', values: spread(4) },
        { name: 'three quarters', colour: '#8a9a94', values: spread(3) },
        { name: 'median', colour: '#1f4d46', values: spread(2) },
        { name: 'a quarter', colour: '#8a9a94', values: spread(1) },
        { name: 'smallest', colour: '#b9b3a2', values: spread(0) },
      ],
    },
  ];
  const height = TOP + panels.length * (HEIGHT + GAP);
  const drawn = panels.map((panel, at) => drawnPanel(panel, TOP + at * (HEIGHT + GAP), days.length));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 130} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fffdf8"/>
${drawn.join('\n')}
</svg>
`;
}

function drawnPanel({ title, lines }: Panel, top: number, days: number): string {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  const [least, most] = [Math.min(0, ...values), Math.max(1, ...values)];
  const x = (day: number) => LEFT + (days > 1 ? (day / (days - 1)) * WIDTH : 0);
  const y = (value: number) => top + HEIGHT - ((value - least) / (most - least)) * HEIGHT;
  const ticks = Array.from({ length: TICKS + 1 }, (_, at) => least + ((most - least) * at) / TICKS);
  return [
    `<text x="${LEFT}" y="${top - 12}" font-size="14" font-weight="bold" fill="#22302c">${title}</text>`,
    ...ticks.map(
      (tick) =>
        `<line x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" stroke="#e2ddd0"/><text x="${LEFT - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end" fill="#586762">${shown(tick)}</text>`,
    ),
    `<text x="${LEFT}" y="${top + HEIGHT + 18}" fill="#586762">day 1</text><text x="${LEFT + WIDTH}" y="${top + HEIGHT + 18}" text-anchor="end" fill="#586762">day ${days}</text>`,
    ...lines.map(
      ({ colour, values }) =>
        `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${pointsOf(values, x, y)}"/>`,
    ),
    ...labelsOf(lines, y).map(
      ({ name, colour, at }) => `<text x="${LEFT + WIDTH + 8}" y="${at.toFixed(1)}" fill="${colour}">${name}</text>`,
    ),
  ].join('\n');
}

const pointsOf = (values: (number | null)[], x: (day: number) => number, y: (value: number) => number) =>
  values.flatMap((value, day) => (value === null ? [] : [`${x(day).toFixed(1)},${y(value).toFixed(1)}`])).join(' ');

/** Each name at the end of its line, moved apart where two would lie on each other. */
function labelsOf(lines: Line[], y: (value: number) => number) {
  const labels = lines.map(({ name, colour, values }) => ({ name, colour, at: y(values.at(-1) ?? 0) + 4 }));
  labels.sort((one, other) => one.at - other.at);
  for (const [at, label] of labels.entries()) if (at) label.at = Math.max(label.at, labels[at - 1]!.at + 14);
  return labels;
}

const shown = (value: number) =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);
