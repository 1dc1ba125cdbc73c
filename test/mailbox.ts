import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestKith } from './kit.ts';

export interface Received {
  to: string;
  subject: string;
  text: string;
  /** What the link of the mail carries. */
  token: string | undefined;
}

/** The mails that were written for this address, oldest first. Runs the jobs that are due before it looks. */
export async function mailsTo(kith: TestKith, email: string): Promise<Received[]> {
  await kith.jobs();
  const folder = join(kith.config.dataDir, 'mail');
  const files = (await readdir(folder).catch(() => [])).sort();
  const mails = await Promise.all(files.map(async (file) => parse(await readFile(join(folder, file), 'utf8'))));
  return mails.filter(({ to }) => to === email);
}

function parse(file: string): Received {
  const [, to, subject, text] = /^To: (.*)\nSubject: (.*)\n\n([^]*)\n$/.exec(file)!;
  return { to: to!, subject: subject!, text: text!, token: /[?]token=([\w-]+)/.exec(text!)?.[1] };
}

export const PASSWORD = 'apples and pears';
let people = 0;

/** Somebody who signed up, confirmed the address and signed in, all over the wire and from a network address of their own. */
export async function account(kith: TestKith, { password = PASSWORD, locale = 'en', name = 'Anna' } = {}) {
  const number = ++people;
  const email = `person${number}@example.org`;
  const address = `10.1.${number >> 8}.${number & 255}`;
  await kith.gql(SIGN_UP, { input: { email, password, locale, name } }, { address });
  const [mail] = await mailsTo(kith, email);
  await kith.gql(VERIFY, { input: { token: mail!.token } }, { address });
  const { data } = await kith.gql(SIGN_IN, { input: { email, password } }, { address });
  return { email, password, address, token: data.signIn.token as string, userId: localOf(data.signIn.user.id) };
}
const localOf = (id: string) => Buffer.from(id, 'base64').toString().split(':')[1]!;

export const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) {
  __typename ... on Error { code } ... on MailRequested { email } ... on PasswordRefused { rule } } }`;
export const VERIFY = `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) {
  __typename ... on Error { code } ... on EmailConfirmed { email } } }`;
export const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  __typename ... on Error { code } ... on EmailNotVerified { email } ... on SignedIn { token expiresAt user { id email emailVerified name locale } } } }`;
export const ME = '{ me { email name locale emailVerified } }';
