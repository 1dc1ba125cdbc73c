import { expect, test } from 'vitest';
import { newId } from '../../api/src/ids.ts';
import { crash, inTurn } from './crash.ts';
import { judge } from './judge.ts';

test('what was acknowledged survives a killed server and a killed database, once, and nothing else does', async () => {
  const plan = { seed: 1, members: 20, clients: 32, killer: inTurn(['api', 'postgres'], 100), bundle: false };
  const { kills, log, differences, audit } = await crash(plan, undefined, async ({ installation, community, log }) => {
    // That nothing differs says something only where a difference is seen.
    const paid = log.payments.find(({ outcome }) => outcome === 'done')!;
    const wrong = async (change: () => void, undo: () => void) => {
      change();
      const found = (await judge(installation, community, log)).differences;
      undo();
      return found.map((difference) => difference.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '#'));
    };
    const invented = { ...paid, id: newId() };
    expect(
      await wrong(
        () => log.payments.push(invented),
        () => log.payments.pop(),
      ),
    ).toContain('payment # was acknowledged and is not there');
    expect(
      await wrong(
        () => (paid.outcome = 'refused'),
        () => (paid.outcome = 'done'),
      ),
    ).toContain('payment # was refused and is there');
    const at = log.payments.indexOf(paid);
    expect(
      await wrong(
        () => log.payments.splice(at, 1),
        () => log.payments.splice(at, 0, paid),
      ),
    ).toEqual(expect.arrayContaining(['entry # (PAYMENT) is there, and nobody sent it']));
    await installation.sql('update accounts set balance = balance + 1 where id = $1', [paid.to]);
    expect((await judge(installation, community, log)).differences).toHaveLength(2);
    const tampered = await installation.audit();
    expect(tampered.status).toBe(1);
    expect(tampered.said).toContain('balance = sum of postings');
  });
  expect(kills.map(({ victim }) => victim)).toEqual(['api', 'postgres']);
  expect(log.acknowledged).toBeGreaterThan(100);
  expect(differences).toEqual([]);
  expect(audit).toMatchObject({ status: 0, said: expect.stringContaining('Everything adds up.') });
}, 180_000);
