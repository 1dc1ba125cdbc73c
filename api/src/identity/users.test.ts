import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { account, mailsTo, ME, PASSWORD, SIGN_IN, SIGN_UP, VERIFY } from '../../../test/mailbox.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith({ settings: { TRUST_PROXY: 'on' } })));
afterAll(() => kith.stop());

const CHANGE_EMAIL = `mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename ... on Error { code } ... on MailRequested { email } } }`;
const usersWith = (email: string) =>
  kith.sql('select id, email, name, email_verified_at, password_hash from users where email = $1', [email]);
const signUp = (email: string, more: object = {}) =>
  kith.gql(SIGN_UP, { input: { email, password: PASSWORD, ...more } });
const verify = (token: string | undefined) => kith.gql(VERIFY, { input: { token } });
const signIn = (email: string, password = PASSWORD) => kith.gql(SIGN_IN, { input: { email, password } });

test('somebody signs up, confirms the address by the link of the mail, and signs in', async () => {
  const { data } = await signUp(' Vera@Example.ORG ', { name: ' Vera ', locale: 'en' });
  expect(data.signUp).toEqual({ __typename: 'MailRequested', email: 'vera@example.org' });
  const [mail, ...more] = await mailsTo(kith, 'vera@example.org');
  expect(more).toEqual([]);
  expect(mail!.subject).toBe('Confirm your e-mail address');
  expect(mail!.text).toContain(`${kith.url}/#/verify-email?token=${mail!.token}`);
  expect((await verify(mail!.token)).data.verifyEmail).toEqual({
    __typename: 'EmailConfirmed',
    email: 'vera@example.org',
  });
  const { token, expiresAt, user } = (await signIn('VERA@example.org')).data.signIn;
  expect(user).toMatchObject({ email: 'vera@example.org', emailVerified: true, name: 'Vera', locale: 'en' });
  expect(new Date(expiresAt).getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  expect((await kith.gql(ME, {}, { token })).data.me.email).toBe('vera@example.org');
});

test('a Russian speaker gets the mail in Russian', async () => {
  await signUp('иван@пример.рф', { locale: 'ru-RU' });
  const [mail] = await mailsTo(kith, 'иван@пример.рф');
  expect(mail!.subject).toBe('Подтвердите адрес электронной почты');
});

test('signing up with a known address answers the same; its owner is told by mail and nothing changes', async () => {
  const anna = await account(kith);
  const before = await usersWith(anna.email);
  const { data } = await signUp(anna.email, { password: 'another password', name: 'Mallory' });
  expect(data.signUp).toEqual({ __typename: 'MailRequested', email: anna.email });
  const mails = await mailsTo(kith, anna.email);
  expect(mails.map(({ subject }) => subject)).toEqual(['Confirm your e-mail address', 'You have an account already']);
  expect(mails[1]!.token).toBeUndefined();
  expect(await usersWith(anna.email)).toEqual(before);
  expect((await signIn(anna.email, 'another password')).data.signIn.code).toBe('SIGN_IN_REFUSED');
});

test('who signed up first with an address of somebody else does not get in when its owner comes', async () => {
  const email = 'owner@example.org';
  await signUp(email, { password: 'the thief waits here' });
  await kith.jobs();
  await signUp(email, { password: 'the owner chose this' });
  const [first, second] = await mailsTo(kith, email);
  expect(second!.subject).toBe('Choose your password');
  await verify(first!.token);
  expect((await signIn(email, 'the thief waits here')).data.signIn.code).toBe('SIGN_IN_REFUSED');
  const reset = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename ... on Error { code } } }`;
  const { data } = await kith.gql(reset, { input: { token: second!.token, password: 'the owner chose this' } });
  expect(data.resetPassword.__typename).toBe('EmailConfirmed');
  expect((await signIn(email, 'the owner chose this')).data.signIn.__typename).toBe('SignedIn');
});

test('two who sign up with one address at once make one user', async () => {
  const email = 'twins@example.org';
  const answers = await Promise.all(Array.from({ length: 6 }, () => signUp(email)));
  for (const { data } of answers) expect(data.signUp).toEqual({ __typename: 'MailRequested', email });
  expect(await usersWith(email)).toHaveLength(1);
});

test('a link confirms once, also when it is used twice at once', async () => {
  await signUp('once@example.org');
  const [mail] = await mailsTo(kith, 'once@example.org');
  const answers = await Promise.all([verify(mail!.token), verify(mail!.token), verify(mail!.token)]);
  expect(answers.map(({ data }) => data.verifyEmail.__typename).sort()).toEqual([
    'EmailConfirmed',
    'LinkExpired',
    'LinkExpired',
  ]);
  expect((await verify(mail!.token)).data.verifyEmail.code).toBe('LINK_EXPIRED');
});

test('an expired link confirms nothing', async () => {
  await signUp('late@example.org');
  const [mail] = await mailsTo(kith, 'late@example.org');
  await kith.sql(
    "update one_time_tokens set expires_at = now() - interval '1 second' where email = 'late@example.org'",
  );
  expect((await verify(mail!.token)).data.verifyEmail.code).toBe('LINK_EXPIRED');
  expect((await usersWith('late@example.org'))[0]!.email_verified_at).toBeNull();
});

test('a link of one kind is not taken for another', async () => {
  const anna = await account(kith);
  await kith.gql('mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { email } }', {
    input: { email: anna.email },
  });
  const reset = (await mailsTo(kith, anna.email)).at(-1)!;
  expect(reset.subject).toBe('Set a new password');
  expect((await verify(reset.token)).data.verifyEmail.code).toBe('LINK_EXPIRED');
});

test('asking for the link again mails it to who waits for it, and the answer is the same for everybody', async () => {
  const anna = await account(kith);
  await signUp('waiting@example.org');
  const ask =
    'mutation ($input: RequestEmailVerificationInput!) { requestEmailVerification(input: $input) { __typename } }';
  for (const email of [anna.email, 'waiting@example.org', 'unknown@example.org'])
    expect((await kith.gql(ask, { input: { email } })).data.requestEmailVerification).toEqual({
      __typename: 'MailRequested',
    });
  expect(await mailsTo(kith, 'waiting@example.org')).toHaveLength(2);
  expect(await mailsTo(kith, anna.email)).toHaveLength(1);
  expect(await mailsTo(kith, 'unknown@example.org')).toHaveLength(0);
});

describe('another address', () => {
  const change = (person: { token: string; address: string }, newEmail: string, currentPassword = PASSWORD) =>
    kith.gql(CHANGE_EMAIL, { input: { newEmail, currentPassword } }, person);

  test('replaces the old one when its own link is used; the old one is told', async () => {
    const anna = await account(kith);
    expect((await change(anna, 'New.Anna@example.org')).data.changeEmail).toEqual({
      __typename: 'MailRequested',
      email: 'new.anna@example.org',
    });
    const [mail] = await mailsTo(kith, 'new.anna@example.org');
    expect((await kith.gql(ME, {}, anna)).data.me.email).toBe(anna.email);
    expect((await verify(mail!.token)).data.verifyEmail.email).toBe('new.anna@example.org');
    expect((await kith.gql(ME, {}, anna)).data.me.email).toBe('new.anna@example.org');
    expect((await mailsTo(kith, anna.email)).at(-1)!.subject).toBe('Your e-mail address was changed');
    expect((await signIn(anna.email)).data.signIn.code).toBe('SIGN_IN_REFUSED');
  });

  test('needs the present password', async () => {
    const anna = await account(kith);
    expect((await change(anna, 'thief@example.org', 'not my password')).data.changeEmail.code).toBe('WRONG_PASSWORD');
    expect(await mailsTo(kith, 'thief@example.org')).toEqual([]);
  });

  test('that belongs to somebody gets the same answer; only its owner is told', async () => {
    const [anna, boris] = [await account(kith), await account(kith)];
    expect((await change(anna, boris.email)).data.changeEmail).toEqual({
      __typename: 'MailRequested',
      email: boris.email,
    });
    expect((await mailsTo(kith, boris.email)).at(-1)!.subject).toBe('You have an account already');
  });

  test('is refused when somebody else confirmed it in the meantime', async () => {
    const anna = await account(kith);
    await change(anna, 'contested@example.org');
    const [mail] = await mailsTo(kith, 'contested@example.org');
    await kith.sql(
      "insert into users (id, email, name, email_verified_at) values (gen_random_uuid(), 'contested@example.org', 'Other', now())",
    );
    expect((await verify(mail!.token)).data.verifyEmail.code).toBe('EMAIL_TAKEN');
    expect((await kith.gql(ME, {}, anna)).data.me.email).toBe(anna.email);
  });

  test('is not kept from its owner by who signed up with it and never confirmed it', async () => {
    const anna = await account(kith);
    await signUp('squatted@example.org');
    await change(anna, 'squatted@example.org');
    const mail = (await mailsTo(kith, 'squatted@example.org')).at(-1)!;
    expect((await verify(mail.token)).data.verifyEmail.__typename).toBe('EmailConfirmed');
    expect((await kith.gql(ME, {}, anna)).data.me.email).toBe('squatted@example.org');
  });
});

test('name and language are changed by the person alone', async () => {
  const anna = await account(kith);
  const update = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { name locale } }';
  expect((await kith.gql(update, { input: { name: ' Anna K. ' } }, anna)).data.updateUser).toEqual({
    name: 'Anna K.',
    locale: 'en',
  });
  expect((await kith.gql(update, { input: { locale: 'ru' } }, anna)).data.updateUser).toEqual({
    name: 'Anna K.',
    locale: 'ru',
  });
  expect((await kith.gql(update, { input: { name: 'X' } })).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
});

test('nobody sees another user through node', async () => {
  const [anna, boris] = [await account(kith), await account(kith)];
  const id = (await kith.gql('{ me { id } }', {}, anna)).data.me.id;
  const node = 'query ($id: ID!) { node(id: $id) { id ... on User { email } } }';
  expect((await kith.gql(node, { id }, anna)).data.node.email).toBe(anna.email);
  expect((await kith.gql(node, { id }, boris)).data.node).toBeNull();
});

test.each([
  ['no address', { email: 'anna' }],
  ['an empty address', { email: '' }],
  ['two addresses', { email: 'a@example.org,b@example.org' }],
  ['a second header', { email: 'a@example.org\nBcc: all@example.org' }],
  ['an address with a display name', { email: 'Anna <a@example.org>' }],
  ['a too long address', { email: `${'a'.repeat(250)}@example.org` }],
  ['an address without a domain', { email: 'anna@' }],
  ['a too long name', { name: 'x'.repeat(101) }],
  ['a name with control characters', { name: 'a\u0000b' }],
  ['a language that is none', { locale: '../../etc' }],
  ['a password without an end', { password: 'x'.repeat(1001) }],
])('%s is a bad request and makes no user', async (_what, wrong) => {
  const count = async () => (await kith.sql('select count(*)::int as count from users'))[0]!.count;
  const before = await count();
  const { errors } = await signUp('fine@example.org', wrong);
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect(await count()).toBe(before);
});

test.each([
  ['nine char', 'TOO_SHORT'],
  ['x1'.repeat(101), 'TOO_LONG'],
  ['weak.person@example.org', 'SAME_AS_EMAIL'],
  ['weak.person', 'SAME_AS_EMAIL'],
  ['Weak Person Name', 'SAME_AS_NAME'],
  ['Password123', 'TOO_COMMON'],
  ['aaaaaaaaaaaa', 'TOO_COMMON'],
  ['йцукенгшщз', 'TOO_COMMON'],
])('the password %j is refused: %s', async (password, rule) => {
  const { data } = await signUp('weak.person@example.org', { password, name: 'weak person name' });
  expect(data.signUp).toEqual({ __typename: 'PasswordRefused', code: 'PASSWORD_REFUSED', rule });
  expect(await usersWith('weak.person@example.org')).toEqual([]);
});
