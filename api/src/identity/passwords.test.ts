import { NO_COMMUNITY, withCommunity } from '@kith/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { account, mailsTo, ME, PASSWORD, SIGN_IN, SIGN_UP, VERIFY } from '../../../test/mailbox.ts';
import { letterFor } from './mails.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith({ settings: { TRUST_PROXY: 'on' } })));
afterAll(() => kith.stop());

const ASK =
  'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { __typename email } }';
const RESET = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) {
  __typename ... on Error { code } ... on EmailConfirmed { email } ... on PasswordRefused { rule } } }`;
const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
  __typename ... on Error { code } ... on User { email } ... on PasswordRefused { rule } } }`;
const CHANGE_EMAIL = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }';
const NEW = 'a whole new password';

type Person = Awaited<ReturnType<typeof account>>;
const isSignedIn = async (token: string) => (await kith.gql(ME, {}, { token })).data.me !== null;
const hashOf = async ({ userId }: Person) =>
  (await kith.sql('select password_hash as hash from users where id = $1', [userId]))[0]!.hash;
async function signIn({ email, address }: { email: string; address?: string }, password: string) {
  const { data } = await kith.gql(SIGN_IN, { input: { email, password } }, address ? { address } : {});
  return data.signIn;
}
async function resetLink({ email }: { email: string }) {
  await kith.gql(ASK, { input: { email } });
  return (await mailsTo(kith, email)).at(-1)!;
}
const reset = async (token: string | undefined, password = NEW) =>
  (await kith.gql(RESET, { input: { token, password } })).data.resetPassword;
const change = async (person: Person, currentPassword: string, newPassword: string) =>
  (await kith.gql(CHANGE, { input: { currentPassword, newPassword } }, person)).data.changePassword;

test('a forgotten password is set by the link of a mail, which ends every session', async () => {
  const anna = await account(kith);
  const other = (await signIn(anna, PASSWORD)).token;
  const mail = await resetLink(anna);
  expect(mail.subject).toBe('Set a new password');
  expect(mail.text).toContain(`${kith.url}/#/reset-password?token=${mail.token}`);
  expect(await reset(mail.token)).toEqual({ __typename: 'EmailConfirmed', email: anna.email });
  expect([await isSignedIn(anna.token), await isSignedIn(other)]).toEqual([false, false]);
  expect((await signIn(anna, PASSWORD)).code).toBe('SIGN_IN_REFUSED');
  expect((await signIn(anna, NEW)).__typename).toBe('SignedIn');
  expect((await mailsTo(kith, anna.email)).at(-1)!.subject).toBe('Your password was changed');
});

test('the reset closes the sockets of the sessions it ends', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const live = kith.subscribe('subscription { notificationReceived { id } }', {}, anna);
  await live.started;
  const closed = expect(live.next()).rejects.toMatchObject({ code: 4401 });
  expect((await reset((await resetLink(anna)).token)).__typename).toBe('EmailConfirmed');
  await closed;
});

test('asking for an unknown address gets the same answer and no mail', async () => {
  const anna = await account(kith);
  const known = await kith.gql(ASK, { input: { email: anna.email } });
  const unknown = await kith.gql(ASK, { input: { email: 'nobody@example.org' } });
  expect(known.data.requestPasswordReset).toEqual({ __typename: 'MailRequested', email: anna.email });
  expect(unknown.data.requestPasswordReset).toEqual({ __typename: 'MailRequested', email: 'nobody@example.org' });
  expect(await mailsTo(kith, 'nobody@example.org')).toEqual([]);
});

test('neither the queue nor a table ever holds the token in clear', async () => {
  const anna = await account(kith);
  await kith.gql(ASK, { input: { email: anna.email } });
  const payloads = await kith.sql(
    "select payload::text as payload from graphile_worker._private_jobs where payload::text like '%resetAsked%'",
  );
  expect(payloads).toEqual([{ payload: JSON.stringify({ reason: 'resetAsked', email: anna.email }) }]);
  const { token } = (await mailsTo(kith, anna.email)).at(-1)!;
  const rows = await kith.sql('select t::text as line from one_time_tokens t where user_id = $1', [anna.userId]);
  expect(rows).toHaveLength(1);
  expect(rows[0]!.line).not.toContain(token);
});

test('a link resets once, also when it is used several times at once', async () => {
  const anna = await account(kith);
  const { token } = await resetLink(anna);
  const passwords = ['the first of three', 'the second of three', 'the third of three'];
  const answers = await Promise.all(passwords.map((password) => reset(token, password)));
  expect(answers.map(({ __typename }) => __typename).sort()).toEqual(['EmailConfirmed', 'LinkExpired', 'LinkExpired']);
  const winner = passwords[answers.findIndex(({ __typename }) => __typename === 'EmailConfirmed')]!;
  expect((await signIn(anna, winner)).__typename).toBe('SignedIn');
  expect((await reset(token)).code).toBe('LINK_EXPIRED');
});

test('of two links used at once one wins, and none is left', async () => {
  const anna = await account(kith);
  const [one, two] = [await resetLink(anna), await resetLink(anna)];
  const answers = await Promise.all([reset(one.token, 'by the first link'), reset(two.token, 'by the second link')]);
  expect(answers.map(({ __typename }) => __typename).sort()).toEqual(['EmailConfirmed', 'LinkExpired']);
  expect(await kith.sql('select from one_time_tokens where user_id = $1', [anna.userId])).toEqual([]);
});

test.each(['', 'x', 'A'.repeat(43), "' or 1=1 --"])('the token %j resets nothing', async (token) => {
  const { data, errors } = await kith.gql(RESET, { input: { token, password: NEW } });
  expect(errors?.[0]?.extensions.code ?? data.resetPassword.code).toBe(token ? 'LINK_EXPIRED' : 'BAD_USER_INPUT');
});

test('an expired link resets nothing', async () => {
  const anna = await account(kith);
  const { token } = await resetLink(anna);
  const before = await hashOf(anna);
  await kith.sql("update one_time_tokens set expires_at = now() - interval '1 second' where user_id = $1", [
    anna.userId,
  ]);
  expect((await reset(token)).code).toBe('LINK_EXPIRED');
  expect(await hashOf(anna)).toBe(before);
  expect(await isSignedIn(anna.token)).toBe(true);
});

test('a weak password is refused and leaves the link as it is', async () => {
  const anna = await account(kith, { name: 'Anna Antonova' });
  const { token } = await resetLink(anna);
  expect(await reset(token, 'anna antonova')).toEqual({
    __typename: 'PasswordRefused',
    code: 'PASSWORD_REFUSED',
    rule: 'SAME_AS_NAME',
  });
  expect((await reset(token)).__typename).toBe('EmailConfirmed');
});

test('a reset confirms the address too', async () => {
  const email = 'never.confirmed@example.org';
  await kith.gql(SIGN_UP, { input: { email, password: PASSWORD } });
  expect((await reset((await resetLink({ email })).token)).__typename).toBe('EmailConfirmed');
  expect((await signIn({ email }, NEW)).__typename).toBe('SignedIn');
});

test('a changed password ends the other sessions and every link, and keeps the session that asks', async () => {
  const anna = await account(kith);
  const other = (await signIn(anna, PASSWORD)).token;
  const { token } = await resetLink(anna);
  expect(await change(anna, PASSWORD, NEW)).toEqual({ __typename: 'User', email: anna.email });
  expect([await isSignedIn(anna.token), await isSignedIn(other)]).toEqual([true, false]);
  expect((await reset(token)).code).toBe('LINK_EXPIRED');
  expect((await signIn(anna, NEW)).__typename).toBe('SignedIn');
});

test('changing the password needs the present one, and trying it out is stopped', async () => {
  const anna = await account(kith);
  const before = await hashOf(anna);
  for (let i = 0; i < 5; i++) expect((await change(anna, 'a wrong guess', NEW)).code).toBe('WRONG_PASSWORD');
  const { errors } = await kith.gql(CHANGE, { input: { currentPassword: PASSWORD, newPassword: NEW } }, anna);
  expect(errors![0]!.extensions.code).toBe('RATE_LIMITED');
  expect(await hashOf(anna)).toBe(before);
  const nobody = await kith.gql(CHANGE, { input: { currentPassword: PASSWORD, newPassword: NEW } });
  expect(nobody.errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
});

test('of two changes at once one wins', async () => {
  const anna = await account(kith);
  const answers = await Promise.all([
    change(anna, PASSWORD, 'one of the two'),
    change(anna, PASSWORD, 'two of the two'),
  ]);
  expect(answers.map(({ __typename }) => __typename).sort()).toEqual(['User', 'WrongPassword']);
});

test('a change of address that a thief asked for does not come after the sessions were ended', async () => {
  const anna = await account(kith);
  const input = { newEmail: 'the.thief@example.org', currentPassword: PASSWORD };
  expect((await kith.gql(CHANGE_EMAIL, { input }, anna)).data.changeEmail.__typename).toBe('MailRequested');
  await kith.gql('mutation { signOutEverywhere }', {}, anna);
  expect(await mailsTo(kith, 'the.thief@example.org')).toEqual([]);
});

test('a link to another address that is being written while the password is reset is not made', async () => {
  const anna = await account(kith);
  const [session] = await kith.sql('select id from sessions where user_id = $1', [anna.userId]);
  const { token } = await resetLink(anna);
  const asked = { userId: anna.userId, email: 'the.thief@example.org', sessionId: session!.id as string };
  const letter = await withCommunity(NO_COMMUNITY, () => letterFor({ reason: 'emailChangeAsked', ...asked }));
  expect((await reset(token)).__typename).toBe('EmailConfirmed');
  expect(await letter!.token!()).toBeNull();
  expect(await kith.sql('select from one_time_tokens where user_id = $1', [anna.userId])).toEqual([]);
});

test('of a change of address and a reset at once one wins, and the other leaves nothing', async () => {
  for (let round = 0; round < 8; round++) {
    const anna = await account(kith);
    const newEmail = `moved.${round}@example.org`;
    await kith.gql(CHANGE_EMAIL, { input: { newEmail, currentPassword: PASSWORD } }, anna);
    const [mail] = await mailsTo(kith, newEmail);
    const { token } = await resetLink(anna);
    const before = await hashOf(anna);
    const [moved, set] = await Promise.all([
      kith.gql(VERIFY, { input: { token: mail!.token } }),
      reset(token).then((answer) => answer.__typename as string),
    ]);
    const [user] = await kith.sql('select email, password_hash = $2 as kept from users where id = $1', [
      anna.userId,
      before,
    ]);
    const outcome = [moved.data.verifyEmail.__typename, set];
    if (set === 'LinkExpired') {
      expect(outcome).toEqual(['EmailConfirmed', 'LinkExpired']);
      expect(user).toEqual({ email: newEmail, kept: true });
    } else {
      expect(outcome).toEqual(['LinkExpired', 'EmailConfirmed']);
      expect(user).toEqual({ email: anna.email, kept: false });
    }
    expect(await kith.sql('select from one_time_tokens where user_id = $1', [anna.userId])).toEqual([]);
  }
});
