import { expect, test } from 'vitest';
import { isHashOf, makeHash } from './hashing.ts';

test('a flood of passwords waits in a short line; who finds it full is told to come again, and then is served', async () => {
  const stored = await makeHash('apples and pears');
  const answers = await Promise.allSettled(Array.from({ length: 150 }, () => isHashOf(stored, 'apples and pears')));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(102);
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  expect(refused.map(({ extensions }) => extensions)).toEqual(
    Array.from({ length: 48 }, () => ({ code: 'UNAVAILABLE', retryAfterMs: 2000 })),
  );
  expect(await isHashOf(stored, 'apples and pears')).toBe(true);
  expect(await isHashOf(stored, 'pears and apples')).toBe(false);
});
