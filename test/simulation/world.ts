import { clock } from '../../api/src/clock.ts';
import { applyForMembership } from '../../api/src/communities/admission.ts';
import { createCommunity } from '../../api/src/communities/communities.ts';
import { setMemberRoles } from '../../api/src/communities/standing.ts';
import type { Member, Viewer } from '../../api/src/context.ts';
import { appointFounder } from '../../api/src/coinage/founders.ts';
import { outsideCommunities, ownerPool } from '../../api/src/db.ts';
import { newId } from '../../api/src/ids.ts';
import { runDueJobs } from '../../api/src/jobs.ts';
import { prisma } from '../../api/src/db.ts';
import { withCommunity } from '@kith/db';
import { chanceOf, type Chance } from './random.ts';

/** A trade that is not over, and what its people mean to do next. */
export interface OpenTrade {
  id: string;
  buyer: Person;
  provider: Person;
  step: 'agree' | 'deliver' | 'complete' | 'silence' | 'resolve';
  /** The day on which they do it. */
  day: number;
  disputeId?: string;
}
export interface Person extends Member {
  name: string;
  offers: { id: string; price: string }[];
  joinedOn: number;
}
export interface World {
  communityId: string;
  slug: string;
  chance: Chance;
  day: number;
  people: Person[];
  operator: Person;
  moderator: Person;
  trades: OpenTrade[];
  /** What rules said no to, by code: part of a living economy, and never a fault. */
  refusals: Map<string, number>;
  acts: Map<string, number>;
}

// In the future, so that nothing the queue holds comes before its simulated day.
const BEGIN = Date.UTC(2040, 0, 1);
const DAY_MS = 86_400_000;
const FOUNDERS = 5;

/** Moves the clock to a time of a day of the simulation; it stands still there. */
export const setTime = (day: number, hour: number) => {
  clock.now = () => new Date(BEGIN + day * DAY_MS + hour * 3_600_000);
};

export const RULES = {
  ...{ admission: 'OPEN' as const, creditLimit: 50, coinageNewcomerDays: 5, coinageReputation: 2 },
  ...{
    demurrage: true,
    demurrageRatePpm: 10_000,
    demurragePeriod: 'WEEK' as const,
    demurrageAllowance: 20,
    demurrageGraceDays: 7,
  },
};

/** A community with its operator, a moderator and founders, on the first day. */
export async function found(seed: number): Promise<World> {
  setTime(0, 8);
  const chance = chanceOf(seed);
  const [slug, founder] = [`simulated-${seed}-${newId().slice(-6)}`, await sign('Olga', true)];
  const communityId = await createCommunity(founder, {
    ...{ slug, name: 'Simulated', description: '', visibility: 'LISTED', locale: 'en', timeZone: 'Europe/Berlin' },
    ...{ currencyCode: 'SIM', currencyName: 'Sims', currencySymbol: '', currencyScale: 2, memberCapacity: 100_000 },
    policies: RULES,
  });
  const { id } = await withCommunity(communityId, () =>
    prisma.member.findFirstOrThrow({ where: { communityId, userId: founder.userId } }),
  );
  const operator = person(
    { communityId, memberId: id, userId: founder.userId, roles: ['MEMBER', 'OPERATOR'] },
    'Olga',
    0,
  );
  const world: World = {
    ...{ communityId, slug, chance, day: 0, people: [], operator, moderator: operator, trades: [] },
    ...{ refusals: new Map(), acts: new Map() },
  };
  world.moderator = await join(world, 'Mona');
  world.people = [];
  await setMemberRoles(operator, { memberId: world.moderator.memberId, roles: ['MEMBER', 'MODERATOR'] });
  world.moderator.roles = ['MEMBER', 'MODERATOR'];
  for (let n = 0; n < FOUNDERS; n++) {
    const { memberId } = await join(world, `Founder ${n}`);
    await appointFounder(operator, { memberId, reason: 'There from the first day' });
  }
  return world;
}

/** Somebody signs up and joins; the door is open. */
export async function join(world: World, name: string): Promise<Person> {
  const viewer = await sign(name, false);
  const { communityId, day } = world;
  const application = { displayName: name, message: '', charterVersion: 0 };
  const memberId = await applyForMembership(viewer, communityId, application);
  const joined = person({ communityId, memberId, userId: viewer.userId, roles: ['MEMBER'] }, name, day);
  world.people.push(joined);
  return joined;
}

const person = (member: Omit<Member, 'state'>, name: string, joinedOn: number): Person => ({
  ...{ ...member, state: 'ACTIVE', name, offers: [], joinedOn },
});

async function sign(name: string, platformAdministrator: boolean): Promise<Viewer> {
  const [userId, at] = [newId(), clock.now()];
  const email = `${userId}@example.org`;
  await outsideCommunities((tx) => tx.user.create({ data: { id: userId, email, name, emailVerifiedAt: at } }));
  return { sessionId: newId(), userId, email, emailVerified: true, name, locale: 'en', platformAdministrator };
}

/** Lets the worker do what is due by the simulated clock: the queue itself only knows the real one. */
export async function work(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    const { rowCount } = await ownerPool.query(
      'update graphile_worker._private_jobs set run_at = now() where run_at > now() and run_at <= $1',
      [clock.now()],
    );
    await runDueJobs();
    if (!rowCount) return;
  }
}
