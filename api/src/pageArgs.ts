import { z } from 'zod';
import { builder, PAGE_MOST, PAGE_STANDARD } from './builder.ts';

const SKIP_MOST = 10_000_000;

/** The arguments by which a list of the console is turned over: `args: { ...pageArgs, filter: … }`. */
export const pageArgs = builder.args((t) => ({
  skip: t.int({
    defaultValue: 0,
    required: true,
    description: 'Leave out so many.',
    validate: z.number().int().min(0).max(SKIP_MOST),
  }),
  take: t.int({
    defaultValue: PAGE_STANDARD,
    required: true,
    description: `At most ${PAGE_MOST}.`,
    validate: z.number().int().min(1).max(PAGE_MOST),
  }),
}));
