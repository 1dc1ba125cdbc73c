import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import type { As, TestKith } from './kit.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WITHIN_MS = 15_000;
const PASSWORD = 'plums and quinces';
const UNION = '__typename ... on Error { code message }';

const TRADE = `${UNION} ... on Trade { id state version title viewerSide viewerActions held { amount } paid { amount } minted { amount }
  globalCost { amount currencyCode } suggestionId terms { terms side price { amount } globalPrice { amount currencyCode } } entry { id } }`;
const DISPUTE = `${UNION} ... on Dispute { id state held { amount } trade { state paid { amount } held { amount } }
  decisions { round outcome amount { amount } } evidence { side text links } }`;
/** What is asked of the answer to a mutation; of a trade where nothing is said. */
const ANSWERS: Record<string, string> = {
  signUp: `${UNION} ... on MailRequested { email }`,
  verifyEmail: `${UNION} ... on EmailConfirmed { email }`,
  signIn: `${UNION} ... on SignedIn { token }`,
  createCommunity: `${UNION} ... on Community { slug }`,
  publishCharter: 'version',
  applyForMembership: `${UNION} ... on Member { id state }`,
  approveMember: `${UNION} ... on Member { id state }`,
  setMemberRoles: `${UNION} ... on Member { roles }`,
  appointFounder: `${UNION} ... on CoinageFounder { member { id } reason }`,
  createListing: `${UNION} ... on Listing { id state }`,
  publishListing: `${UNION} ... on Listing { id state }`,
  reviewTrade: `${UNION} ... on Review { id isSealed }`,
  ...{ openDispute: DISPUTE, addEvidence: DISPUTE, resolveDispute: DISPUTE, appealDispute: DISPUTE },
};
/** Of the input, where it is not named after the mutation. */
const TYPES: Record<string, string> = { appointFounder: 'MemberDecisionInput!' };
const LIVE = {
  tradeChanged: 'what trade { id state }',
  suggestionFound: 'suggestion { id viewerSide counterpart { id } want { title } offer { title } }',
  accountChanged: 'entry { kind } accounts { balance { amount } }',
};

/** A person at a frontend of somebody else's: requests over HTTP, what happens over a WebSocket. It knows the schema and nothing else. */
export class Frontend {
  /** The person's member in the community. */
  id = '';
  readonly as: As;
  private readonly kith: TestKith;
  private readonly streams = new Map<string, ReturnType<TestKith['subscribe']>>();

  constructor(kith: TestKith, as: As) {
    this.kith = kith;
    this.as = as;
  }

  /** Asks, and fails with the words of the first error. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the story reads what it asked for
  async ask(query: string, variables: Record<string, unknown> = {}): Promise<any> {
    const { data, errors } = await this.kith.gql(query, variables, this.as);
    if (errors) throw new Error(`${errors[0]!.extensions.code}: ${errors[0]!.message}`);
    return data;
  }

  /** Does something, and answers what came of it: the object, or the refusal. */
  async act(name: string, input: object) {
    const type = TYPES[name] ?? `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
    const document = `mutation ($input: ${type}) { ${name}(input: $input) { ${ANSWERS[name] ?? TRADE} } }`;
    return (await this.ask(document, { input }))[name];
  }

  /** Listens from now on. */
  async listen(...names: (keyof typeof LIVE)[]) {
    for (const name of names) {
      const stream = this.kith.subscribe(`subscription { ${name} { ${LIVE[name]} } }`, {}, this.as);
      await stream.started;
      this.streams.set(name, stream);
    }
  }

  /** What is heard next of what is listened to. */
  async hears(name: keyof typeof LIVE) {
    const { data, errors } = await this.streams.get(name)!.next(WITHIN_MS);
    if (errors) throw new Error(errors[0]!.message);
    return data[name];
  }

  /** Looks again until it is so: for what nobody is told of. */
  async sees(query: string, holds: (data: never) => boolean, variables: Record<string, unknown> = {}) {
    return vi.waitFor(
      async () => {
        const data = await this.ask(query, variables);
        if (!holds(data as never)) throw new Error(`not so yet: ${JSON.stringify(data)}`);
        return data;
      },
      { timeout: WITHIN_MS, interval: 50 },
    );
  }
}

let people = 0;
/** Signs up, confirms the address by the mail, and signs in. */
export async function signUp(kith: TestKith, name: string, community: string): Promise<Frontend & { email: string }> {
  const [email, address] = [`${name.toLowerCase()}@example.org`, `10.3.0.${++people}`];
  const stranger = new Frontend(kith, { address });
  await stranger.act('signUp', { email, password: PASSWORD, name });
  await stranger.act('verifyEmail', { token: await mailedToken(kith, email) });
  return signedIn(kith, { email, password: PASSWORD, address, community });
}

interface Signing {
  email: string;
  password: string;
  address: string;
  community: string;
}
async function signedIn(kith: TestKith, { email, password, address, community }: Signing) {
  const { token } = await new Frontend(kith, { address }).act('signIn', { email, password });
  return Object.assign(new Frontend(kith, { token: token as string, community, address }), { email });
}

/** The administrator of the installation, made by the program of whoever runs it. */
export async function administrator(kith: TestKith, email: string): Promise<Frontend> {
  const said = await program(kith, 'administrator', email);
  const password = /the password is (\S+)\./.exec(said)![1]!;
  return signedIn(kith, { email, password, address: '10.4.0.1', community: '' });
}

/** What a command-line program says; fails when it ends with a failure. */
export async function program(kith: TestKith, name: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', path.join(ROOT, `api/src/${name}.ts`), ...args],
    {
      cwd: ROOT,
      env: { PATH: process.env.PATH, DATABASE_URL: kith.ownerUrl, DATA_DIR: kith.config.dataDir, DEMO: 'off' },
    },
  );
  return stdout;
}

/** What the link of the mail to an address carries, once the mail is there. */
const mailedToken = (kith: TestKith, email: string): Promise<string> =>
  vi.waitFor(
    async () => {
      const folder = path.join(kith.config.dataDir, 'mail');
      for (const name of await readdir(folder)) {
        const text = await readFile(path.join(folder, name), 'utf8');
        const token = /[?]token=([\w-]+)/.exec(text)?.[1];
        if (text.includes(`To: ${email}`) && token) return token;
      }
      throw new Error(`There is no mail to ${email}.`);
    },
    { timeout: WITHIN_MS, interval: 50 },
  );
