import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { account, mailsTo, ME, PASSWORD, SIGN_IN, SIGN_UP, VERIFY } from '../../../test/mailbox.ts';
import { placeOf } from '../http.ts';
import { withinMailBudget } from './throttle.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith({ settings: { TRUST_PROXY: 'on' } })));
afterAll(() => kith.stop());

const RESET = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename } }';
const ASK = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { email } }';
const signIn = (email: string, password: string, address: string) =>
  kith.gql(SIGN_IN, { input: { email, password } }, { address });
type Answer = Awaited<ReturnType<typeof signIn>>;
const outcome = ({ data, errors }: Answer) =>
  errors?.[0]?.extensions.code ?? data.signIn.code ?? data.signIn.__typename;
const times = (count: number, act: (i: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: count }, (_, i) => act(i)));
const count = (answers: Answer[], code: string) => answers.filter((answer) => outcome(answer) === code).length;
/** Lets the time of all pauses pass, not the day in which they double. */
const waitOutPauses = () => kith.sql("update rate_limits set expire = 1 where key not like '%-rounds:%'");

async function checks() {
  const text = await (await fetch(`${kith.url}/metrics`)).text();
  return Number(/^kith_password_checks_total (\d+)/m.exec(text)![1]);
}

test('an unknown address answers like a wrong password, and costs the same check', async () => {
  const anna = await account(kith);
  const start = await checks();
  const known = await signIn(anna.email, 'not the password', anna.address);
  expect(await checks()).toBe(start + 1);
  const unknown = await signIn('nobody.at.all@example.org', 'not the password', anna.address);
  expect(await checks()).toBe(start + 2);
  expect(unknown).toEqual(known);
  expect(outcome(known)).toBe('SIGN_IN_REFUSED');
});

test('a user without a password is refused like an unknown one', async () => {
  const { email } = await kith.user();
  expect(outcome(await signIn(email, '', '10.2.0.1'))).toBe('SIGN_IN_REFUSED');
  expect(outcome(await signIn(email, 'null', '10.2.0.1'))).toBe('SIGN_IN_REFUSED');
});

test('a name of a session that the database cannot hold is a bad request, not a fault', async () => {
  const input = { email: 'somebody@example.org', password: PASSWORD, label: 'back\0up' };
  const { errors } = await kith.gql(SIGN_IN, { input }, { address: '10.2.0.9' });
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
});

test('only who knows the password is told that the address is not confirmed, and gets a fresh link', async () => {
  const email = 'unconfirmed@example.org';
  await kith.gql(SIGN_UP, { input: { email, password: PASSWORD } });
  expect(outcome(await signIn(email, 'not the password', '10.2.0.2'))).toBe('SIGN_IN_REFUSED');
  expect(await mailsTo(kith, email)).toHaveLength(1);
  const { data } = await signIn(email, PASSWORD, '10.2.0.2');
  expect(data.signIn).toEqual({ __typename: 'EmailNotVerified', code: 'EMAIL_NOT_VERIFIED', email });
  expect(await kith.sql('select from sessions s join users u on u.id = s.user_id where u.email = $1', [email])).toEqual(
    [],
  );
  const mails = await mailsTo(kith, email);
  expect(mails).toHaveLength(2);
  await kith.gql(VERIFY, { input: { token: mails[1]!.token } });
  expect(outcome(await signIn(email, PASSWORD, '10.2.0.2'))).toBe('SignedIn');
});

test('a password means the same however the keyboard composed it', async () => {
  const anna = await account(kith, { password: 'caf\u00e9 au lait' });
  expect(outcome(await signIn(anna.email, 'cafe\u0301 au lait', anna.address))).toBe('SignedIn');
});

test('an erased user does not sign in', async () => {
  const anna = await account(kith);
  await kith.sql('update users set erased_at = now() where id = $1', [anna.userId]);
  expect(outcome(await signIn(anna.email, PASSWORD, anna.address))).toBe('SIGN_IN_REFUSED');
});

test('a sign-in with the old password never outlives the reset it meets', async () => {
  for (let round = 0; round < 5; round++) {
    const anna = await account(kith);
    await kith.gql(ASK, { input: { email: anna.email } }, anna);
    const { token } = (await mailsTo(kith, anna.email)).at(-1)!;
    const [answers] = await Promise.all([
      times(3, () => signIn(anna.email, PASSWORD, anna.address)),
      kith.gql(RESET, { input: { token, password: 'a whole new password' } }, anna),
    ]);
    for (const { data } of answers)
      if (data.signIn.token) expect((await kith.gql(ME, {}, { token: data.signIn.token })).data.me).toBeNull();
  }
});

describe('too many tries', () => {
  test('of one account from one place are stopped after five, also when they come at once', async () => {
    const anna = await account(kith);
    const answers = await times(12, () => signIn(anna.email, 'a wrong guess', '10.3.0.1'));
    expect([count(answers, 'SIGN_IN_REFUSED'), count(answers, 'RATE_LIMITED')]).toEqual([5, 7]);
    for (const { errors } of answers) expect(errors?.[0]!.extensions.retryAfterMs ?? 0).toBeLessThanOrEqual(60_000);
    const { errors } = await signIn(anna.email, PASSWORD, '10.3.0.1');
    expect(errors![0]!.extensions.code).toBe('RATE_LIMITED');
    expect(errors![0]!.extensions.retryAfterMs).toBeGreaterThan(50_000);
    expect(errors![0]!.extensions.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  test('do not lock out the member, who is elsewhere', async () => {
    const anna = await account(kith);
    await times(10, () => signIn(anna.email, 'a wrong guess', '10.3.0.2'));
    expect(outcome(await signIn(anna.email, PASSWORD, anna.address))).toBe('SignedIn');
    expect(outcome(await signIn(anna.email, PASSWORD, '10.3.0.3'))).toBe('SignedIn');
  });

  test('make the pause twice as long each time', async () => {
    const pauses = [];
    for (let round = 0; round < 4; round++) {
      const answers = await times(6, () => signIn('patient@example.org', 'a wrong guess', '10.3.0.4'));
      expect(count(answers, 'SIGN_IN_REFUSED')).toBe(5);
      pauses.push(answers.find(({ errors }) => errors)!.errors![0]!.extensions.retryAfterMs);
      await waitOutPauses();
    }
    expect(pauses).toEqual([60_000, 120_000, 240_000, 480_000]);
  });

  test('are forgotten when the right password comes', async () => {
    const anna = await account(kith);
    for (let round = 0; round < 3; round++) {
      await times(4, () => signIn(anna.email, 'a wrong guess', anna.address));
      expect(outcome(await signIn(anna.email, PASSWORD, anna.address))).toBe('SignedIn');
    }
  });

  test('are counted alike for an address that nobody has', async () => {
    const answers = await times(8, () => signIn('no.such.person@example.org', 'a wrong guess', '10.3.0.5'));
    expect([count(answers, 'SIGN_IN_REFUSED'), count(answers, 'RATE_LIMITED')]).toEqual([5, 3]);
  });

  test('of many accounts from one place are stopped', async () => {
    const answers = await times(70, (i) => signIn(`guess${i}@example.org`, 'a wrong guess', '10.3.0.6'));
    expect([count(answers, 'SIGN_IN_REFUSED'), count(answers, 'RATE_LIMITED')]).toEqual([60, 10]);
  });

  test('of one account from many places stop only places it has never signed in from; a reset by mail opens one', async () => {
    const anna = await account(kith);
    const answers = await times(110, (i) => signIn(anna.email, 'a wrong guess', `10.4.0.${i}`));
    // The member's own sign-in counted as one, before the place was known.
    expect([count(answers, 'SIGN_IN_REFUSED'), count(answers, 'RATE_LIMITED')]).toEqual([99, 11]);
    expect(outcome(await signIn(anna.email, PASSWORD, '10.4.1.1'))).toBe('RATE_LIMITED');
    expect(outcome(await signIn(anna.email, PASSWORD, anna.address))).toBe('SignedIn');
    await kith.gql(ASK, { input: { email: anna.email } }, { address: '10.4.1.1' });
    const { token } = (await mailsTo(kith, anna.email)).at(-1)!;
    await kith.gql(RESET, { input: { token, password: 'a whole new password' } }, { address: '10.4.1.1' });
    expect(outcome(await signIn(anna.email, 'a whole new password', '10.4.1.1'))).toBe('SignedIn');
  });

  test('are not hidden by a header that the client made up', async () => {
    const answers = await times(8, (i) => signIn('header@example.org', 'a wrong guess', `1.1.1.${i}, 10.3.0.7`));
    expect([count(answers, 'SIGN_IN_REFUSED'), count(answers, 'RATE_LIMITED')]).toEqual([5, 3]);
  });
});

test('one address gets three mails of a kind within the hour, whoever asks, and the answer stays the same', async () => {
  const anna = await account(kith);
  for (let i = 0; i < 5; i++) {
    const { data } = await kith.gql(ASK, { input: { email: anna.email } }, { address: `10.5.0.${i}` });
    expect(data.requestPasswordReset.email).toBe(anna.email);
    await kith.jobs();
  }
  const resets = (await mailsTo(kith, anna.email)).filter(({ subject }) => subject === 'Set a new password');
  expect(resets).toHaveLength(3);
  const { data } = await kith.gql(RESET, { input: { token: resets[0]!.token, password: 'a whole new password' } });
  expect(data.resetPassword.__typename).toBe('EmailConfirmed');
});

test('one place asks for sixty mails in a quarter of an hour', async () => {
  const answers = await Promise.all(
    Array.from({ length: 65 }, (_, i) =>
      kith.gql(ASK, { input: { email: `flood${i}@example.org` } }, { address: '10.5.1.1' }),
    ),
  );
  expect(answers.filter(({ errors }) => errors?.[0]?.extensions.code === 'RATE_LIMITED')).toHaveLength(5);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['', ''],
])('%s counts as %s', (address, place) => expect(placeOf(address)).toBe(place));

describe('the mails an address gets within an hour', () => {
  const letter = (about: string) => ({ to: 'flooded@example.org', about });
  test('are three of a kind, however many are written at once', async () => {
    let sent = 0;
    const send = async () => void sent++;
    await Promise.all(Array.from({ length: 20 }, () => withinMailBudget(letter('FLOOD'), send)));
    expect(sent).toBe(3);
    await withinMailBudget(letter('OTHER'), send);
    expect(sent).toBe(4);
    await waitOutPauses();
    await withinMailBudget(letter('FLOOD'), send);
    expect(sent).toBe(5);
  });

  test('do not count what could not leave', async () => {
    let sent = 0;
    const fail = () => Promise.reject(new Error('The mail server is away.'));
    for (let i = 0; i < 5; i++) await expect(withinMailBudget(letter('AWAY'), fail)).rejects.toThrow('away');
    for (let i = 0; i < 5; i++) await withinMailBudget(letter('AWAY'), async () => void sent++);
    expect(sent).toBe(3);
  });
});
