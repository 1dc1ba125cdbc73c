import { withCommunity } from '@kith/db';
import { clock } from '../../api/src/clock.ts';
import { runDue } from '../../api/src/demurrage/runs.ts';
import { goOn, grow, leave, list, payAround, propose } from './acts.ts';
import { brokenInvariants, figuresOfDay, type DayFigures } from './figures.ts';
import { found, setTime, work } from './world.ts';

export interface Simulation {
  communityId: string;
  days: DayFigures[];
  acts: Record<string, number>;
  refusals: Record<string, number>;
}

/**
 * Lets a community live for some days, driven through the product's own functions with the clock moved: people join, list, trade, pay,
 * dispute and leave, coins are minted, demurrage is charged (started twice at once, and some weeks a day late). Throws at the first
 * invariant that does not hold.
 */
export async function simulate(
  { seed, members, days }: { seed: number; members: number; days: number },
  say: (day: DayFigures) => void = () => {},
): Promise<Simulation> {
  const realNow = clock.now;
  try {
    const world = await found(seed);
    const history: DayFigures[] = [];
    for (world.day = 0; world.day < days; world.day++) {
      setTime(world.day, 9);
      await grow(world, members);
      await list(world);
      setTime(world.day, 12);
      await propose(world);
      await goOn(world);
      await payAround(world);
      await leave(world);
      setTime(world.day, 23.5);
      await work();
      if (!world.chance.percent(20)) await Promise.all([runDue(world.communityId), runDue(world.communityId)]);
      const broken = await brokenInvariants(world);
      if (broken.length) throw new Error(`Seed ${seed}, day ${world.day}: ${broken.join('; ')}`);
      history.push(await withCommunity(world.communityId, () => figuresOfDay(world)));
      say(history.at(-1)!);
    }
    return {
      ...{ communityId: world.communityId, days: history },
      ...{ acts: Object.fromEntries(world.acts), refusals: Object.fromEntries(world.refusals) },
    };
  } finally {
    clock.now = realNow;
  }
}
