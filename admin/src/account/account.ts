import { accepted, request } from '../request.ts';
import { session } from '../session.ts';
import {
  REQUEST_EMAIL_VERIFICATION,
  REQUEST_PASSWORD_RESET,
  RESET_PASSWORD,
  SIGN_IN,
  SIGN_OUT,
  SIGN_UP,
  VERIFY_EMAIL,
} from './account.graphql.ts';

/** What a person does with their account. Requests go without a session: an old one must not stand in the way. */
const nobody = {};

export interface Credentials {
  email: string;
  password: string;
}

export async function signIn({ email, password, stay }: Credentials & { stay: boolean }): Promise<void> {
  const { signIn: answer } = await request(SIGN_IN, { input: { email, password } }, nobody);
  session.begin(accepted(answer).token, { stay });
}

/** Ends the session here and on the server; without an answer of the server, here at least. */
export async function signOut(): Promise<void> {
  const ended = session.token() ? request(SIGN_OUT, {}).catch(() => undefined) : undefined;
  session.end();
  await ended;
}

export async function signUp({ email, password, name }: Credentials & { name: string }): Promise<string> {
  const locale = navigator.language.slice(0, 2).toLowerCase();
  const { signUp: answer } = await request(SIGN_UP, { input: { email, password, name, locale } }, nobody);
  return accepted(answer).email;
}

export async function verifyEmail(token: string): Promise<string> {
  const { verifyEmail: answer } = await request(VERIFY_EMAIL, { input: { token } }, nobody);
  return accepted(answer).email;
}

export async function requestEmailVerification(email: string): Promise<string> {
  return (await request(REQUEST_EMAIL_VERIFICATION, { input: { email } }, nobody)).requestEmailVerification.email;
}

export async function requestPasswordReset(email: string): Promise<string> {
  return (await request(REQUEST_PASSWORD_RESET, { input: { email } }, nobody)).requestPasswordReset.email;
}

/** Sets the password by the link of a mail; every session ends. */
export async function resetPassword({ token, password }: { token: string; password: string }): Promise<string> {
  const { resetPassword: answer } = await request(RESET_PASSWORD, { input: { token, password } }, nobody);
  session.end();
  return accepted(answer).email;
}
