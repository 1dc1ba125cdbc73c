import { Chip } from '@mui/material';
import { alpha, useTheme } from '@mui/material/styles';

type Tone = 'success' | 'warning' | 'error' | 'info' | 'quiet';
const tones: Record<string, Tone> = {
  ACTIVE: 'success',
  PUBLISHED: 'success',
  DONE: 'success',
  OPEN: 'success',
  COMPLETED: 'success',
  WAITING: 'warning',
  APPEALED: 'warning',
  APPLIED: 'warning',
  CHECKED: 'warning',
  PAUSED: 'info',
  PROPOSED: 'info',
  AGREED: 'info',
  DELIVERED: 'info',
  RECEIVING: 'info',
  CHECKING: 'info',
  APPLYING: 'info',
  SUSPENDED: 'error',
  HIDDEN: 'error',
  REFUSED: 'error',
  REJECTED: 'error',
  DISPUTED: 'error',
};

/** A state in its own word, with a tone that says whether somebody should look. */
export function StateChip({ state }: { state: string }) {
  const { palette } = useTheme();
  const tone = tones[state] ?? 'quiet';
  const colour = tone === 'quiet' ? palette.text.secondary : palette[tone].main;
  return (
    <Chip
      size="small"
      label={inWords(state)}
      sx={{ color: colour, backgroundColor: alpha(colour, 0.12), height: 22, borderRadius: '6px' }}
    />
  );
}

/** POST_FACTUM becomes "Post factum". */
export const inWords = (name: string) => name.charAt(0) + name.slice(1).toLowerCase().replaceAll('_', ' ');

/** Choices of a filter or a form out of the names of an enum. */
export const choicesOf = (names: readonly string[]) => names.map((id) => ({ id, name: inWords(id) }));
