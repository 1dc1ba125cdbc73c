import { setTimeout as sleep } from 'node:timers/promises';
import { chanceOf } from '../simulation/random.ts';
import { client } from './client.ts';
import { startInstallation, until, type Installation, type Victim } from './installation.ts';
import { judge, untold, type Verdict } from './judge.ts';
import { Log } from './log.ts';
import { foundCommunity, type Community } from './people.ts';

/** Waits for the next moment to kill, and says whom; undefined when it is over. */
type Killer = (log: Log) => Promise<Victim | undefined>;
export interface Plan {
  seed: number;
  members: number;
  clients: number;
  killer: Killer;
  /** As users run it, or from its source. */
  bundle: boolean;
}
export interface Kill {
  victim: Victim;
  atMs: number;
  /** Until a client had an answer again. */
  backAfterMs: number;
}
interface Scene {
  installation: Installation;
  community: Community;
  log: Log;
}
export interface Report extends Verdict, Scene {
  kills: Kill[];
  milliseconds: number;
  audit: { status: number | null; said: string };
}
const FUNDS = 5000n;
const BACK_WITHIN_MS = 60_000;
const WORK_WITHIN_MS = 300_000;
const PATIENCE_MS = 30_000;
/** Connections that died are found dead one by one. */
const SETTLING_MS = 2000;

/** Kills by chance for a time, after calms of half a second to five seconds. */
export function byChance({ seed, milliseconds }: { seed: number; milliseconds: number }): Killer {
  const chance = chanceOf(seed);
  const shares: [Victim, number][] = [
    ['api', 35],
    ['postgres', 75],
    ['backend', 90],
    ['worker', 100],
  ];
  let endsAt: number | undefined;
  return async () => {
    endsAt ??= Date.now() + milliseconds;
    await sleep(Math.min(chance.whole(500, 5000), Math.max(endsAt - Date.now(), 0)));
    const roll = chance.whole(1, 100);
    return Date.now() < endsAt ? shares.find(([, upTo]) => roll <= upTo)![0] : undefined;
  };
}

/** Kills each once, after so many more answers, and lets as many come after the last. */
export function inTurn(victims: readonly Victim[], answers: number): Killer {
  let turn = 0;
  return async (log) => {
    const goal = log.acknowledged + answers;
    await until('there are more answers', async () => log.acknowledged >= goal, BACK_WITHIN_MS);
    return victims[turn++];
  };
}

/**
 * Kills what it may while clients pay, then compares what they were told with what is there. `look` sees the installation before it is
 * stopped.
 */
export async function crash(
  plan: Plan,
  say: (line: string) => void = () => {},
  look?: (report: Report) => Promise<void>,
): Promise<Report> {
  const installation = await startInstallation(plan);
  try {
    const community = await foundCommunity(installation, plan.members, FUNDS);
    const scene = { installation, community, log: new Log() };
    const began = Date.now();
    const kills = await storm(plan, scene, say);
    const milliseconds = Date.now() - began;
    say('waiting until everybody is told');
    await until('everybody is told', () => isTold(installation), WORK_WITHIN_MS);
    const verdict = await judge(installation, community, scene.log);
    verdict.differences.push(...(await untold(installation, community)));
    const { faults } = scene.log;
    if (faults) verdict.differences.push(`${faults} answers were INTERNAL while nothing was down`);
    const report = { ...verdict, ...scene, kills, milliseconds, audit: await installation.audit() };
    await look?.(report);
    return report;
  } finally {
    await installation.stop();
  }
}

async function storm(
  { seed, clients, killer }: Plan,
  { installation, community, log }: Scene,
  say: (line: string) => void,
): Promise<Kill[]> {
  const began = Date.now();
  let failure: unknown;
  let [isDown, calmAt, giveUpAt] = [false, began, Infinity];
  const shared = {
    ...{ url: installation.url, log, people: community.people },
    goesOn: () => !failure && giveUpAt === Infinity,
    isCalm: () => !isDown && Date.now() > calmAt + SETTLING_MS,
    isPatient: () => !failure && Date.now() < giveUpAt,
  };
  const busy = Array.from({ length: clients }, (_, number) =>
    client(shared, chanceOf(seed * 1000 + number + 1)).catch((error) => (failure ??= error)),
  );
  const kills: Kill[] = [];
  try {
    for (let victim = await killer(log); victim && !failure; victim = await killer(log)) {
      isDown = true;
      const killedAt = Date.now();
      await installation.crash(victim);
      const startedAt = Date.now();
      const isBack = async () => failure !== undefined || log.answeredAt >= startedAt;
      await until('an answer came again', isBack, BACK_WITHIN_MS);
      [isDown, calmAt] = [false, Date.now()];
      kills.push({ victim, atMs: killedAt - began, backAfterMs: log.answeredAt - killedAt });
      say(lineOf(kills.at(-1)!));
    }
  } catch (error) {
    failure ??= error;
  }
  giveUpAt = Date.now() + PATIENCE_MS;
  await Promise.all(busy);
  if (failure) throw failure;
  return kills;
}

const lineOf = ({ victim, atMs, backAfterMs }: Kill) =>
  `${(atMs / 1000).toFixed(1).padStart(6)} s  ${victim} killed, answers again after ${backAfterMs} ms`;

/** Whether everybody was told what was paid. */
const isTold = async ({ sql }: Installation) => {
  const text = "select from graphile_worker.jobs where task_identifier in ('payment.made', 'notify') limit 1";
  return !(await sql(text)).length;
};
