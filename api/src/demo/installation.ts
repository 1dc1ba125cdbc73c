import { randomBytes } from 'node:crypto';
import { NO_COMMUNITY, withCommunity } from '@kith/db';
import type { Config } from '../config.ts';
import { clock } from '../clock.ts';
import { outsideCommunities, ownerPool, prisma } from '../db.ts';
import { hashPassword } from '../identity/passwords.ts';
import { endSessions } from '../identity/sessions.ts';
import { atTime, foundingDay, liveDemo } from './economy.ts';
import { demoCommunities, demoEmails, seedDemo } from './seed.ts';

/** What the installation remembers of its demo. */
interface Remembered {
  state: 'BEGUN' | 'DONE';
  /** The hash of the password everybody knows, while it is in use; null for one that was drawn. */
  knownHash: string | null;
  /** Of a demo that is being made: since when its communities live, and how much of that is done. */
  living?: { foundedAt: string; done: number };
}
/** What is told at start; the password only when it is known. */
export interface Demo {
  password: string | null;
  /** True when this start made the demo or gave it another password. */
  isNew: boolean;
}
type Settings = Pick<Config, 'DEMO' | 'HOST' | 'PUBLIC_URL' | 'TRUST_PROXY'>;

const KEY = 'demo';
const KNOWN_PASSWORD = 'kith-demo-2026';
const INSTALLATION_LOCK = 72707371;

/**
 * Fills an empty installation with the demo's communities, once; processes that start together take turns. Answers null where
 * there is no demo. The password everybody knows holds only where nobody else can reach it: else one is drawn, also later.
 */
export async function prepareInstallation(config: Settings): Promise<Demo | null> {
  const client = await ownerPool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [INSTALLATION_LOCK]);
    return await withCommunity(NO_COMMUNITY, () => prepare(config));
  } finally {
    // Closed, not given back: the lock goes with it.
    client.release(true);
  }
}

async function prepare(config: Settings): Promise<Demo | null> {
  const row = await prisma.installation.findUnique({ where: { key: KEY } });
  const remembered = row?.value as Remembered | undefined;
  if (!remembered && (!config.DEMO || !(await isEmpty()))) return null;
  if (remembered?.state === 'DONE') return again(remembered, config);
  const password = isPrivate(config) ? KNOWN_PASSWORD : drawn();
  const hash = await hashPassword(password);
  const knownHash = password === KNOWN_PASSWORD ? hash : null;
  const begun = remembered?.living ?? { foundedAt: foundingDay().toISOString(), done: 0 };
  const rememberSteps = (done: number) => remember({ state: 'BEGUN', knownHash, living: { ...begun, done } });
  await rememberSteps(begun.done);
  const foundedAt = new Date(begun.foundedAt);
  await atTime(foundedAt, () => seedDemo(hash));
  await liveDemo({ foundedAt, done: begun.done }, rememberSteps);
  // A start that was cut off made people with another password, which nobody was told.
  await prisma.user.updateMany({ where: { email: { in: demoEmails } }, data: { passwordHash: hash } });
  await remember({ state: 'DONE', knownHash });
  return { password, isNew: true };
}

/** A later start: the known password gives way as soon as others could use it. */
async function again({ knownHash }: Remembered, config: Settings): Promise<Demo> {
  if (!knownHash) return { password: null, isNew: false };
  if (isPrivate(config)) return { password: KNOWN_PASSWORD, isNew: false };
  const password = drawn();
  const passwordHash = await hashPassword(password);
  await outsideCommunities(async (tx) => {
    const users = await tx.user.findMany({ where: { passwordHash: knownHash }, select: { id: true } });
    await tx.user.updateMany({ where: { passwordHash: knownHash }, data: { passwordHash } });
    for (const { id } of users) await endSessions(tx, { userId: id });
  });
  await remember({ state: 'DONE', knownHash: null });
  return { password, isNew: true };
}

const remember = async (value: Remembered) => {
  const data = { value: { ...value }, updatedAt: clock.now() };
  await prisma.installation.upsert({ where: { key: KEY }, create: { key: KEY, ...data }, update: data });
};

const isEmpty = async () => (await prisma.community.count()) === 0 && (await prisma.user.count()) === 0;

/** True when only people at this machine reach the server. */
function isPrivate({ HOST, PUBLIC_URL, TRUST_PROXY }: Settings): boolean {
  return isLoopback(HOST) && !TRUST_PROXY && (!PUBLIC_URL || isLoopback(new URL(PUBLIC_URL).hostname));
}
const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host);

const drawn = () => randomBytes(12).toString('base64url');

/** The demo in words: who can sign in, and a first query to paste. */
export function describeDemo({ password }: Demo, url: string): string {
  const harbour = demoCommunities[0]!;
  const [operator, member] = harbour.members;
  const people = demoCommunities.map(({ name, slug, members }) => {
    const [first, second] = members;
    return `    ${slug.padEnd(14)} ${first!.email.padEnd(24)} operator of ${name}; ${second!.email} and 8 more members`;
  });
  const signIn = `{"query":"mutation { signIn(input: { email: \\"${member!.email}\\", password: \\"${password ?? '…'}\\" }) { ... on SignedIn { token } ... on Error { message } } }"}`;
  return `  Demo       three communities; sign in with the password ${password ?? 'that was shown when they were made'}
    ${'administrator'.padEnd(14)} admin@kith.example
${people.join('\n')}

  Try it in GraphiQL, signed in as ${member!.email} in ${harbour.slug}:
    { suggestions(take: 5) { items { score reasons want { title } offer { title } } } search(input: { text: "shelves" }) { items { listing { title } } } }
  or get a token for scripts (send it as "authorization: Bearer …" with "x-kith-community: ${harbour.slug}"):
    curl -s ${url}/graphql -H 'content-type: application/json' -d '${signIn}'
  The operator is ${operator!.email}. DEMO=off starts an installation without all this.
`;
}
