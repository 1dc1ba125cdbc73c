import { z } from 'zod';

/** One line of text, trimmed, without control characters (PostgreSQL takes no NUL, a mail's subject no line break). */
export const line = (most: number, least = 1) =>
  z
    .string()
    .trim()
    .min(least, least === 1 ? 'Write something here.' : `Write at least ${least} characters.`)
    .max(most, `Write at most ${most} characters.`)
    .regex(/^\P{Cc}*$/u, 'Leave out line breaks and control characters.');

/** Text of several lines, trimmed; may be empty unless told otherwise. */
export const paragraphs = (most: number, least = 0) =>
  z
    .string()
    .trim()
    .min(least, 'Write something here.')
    .max(most, `Write at most ${most} characters.`)
    .regex(/^[\P{Cc}\n\r\t]*$/u, 'Leave out control characters.');

/** Why an operator did something; the audit log keeps it. */
export const reason = paragraphs(1000, 1);

const isTimeZone = (name: string) => accepted(() => new Intl.DateTimeFormat('en', { timeZone: name }));
const isLocale = (name: string) => accepted(() => Intl.getCanonicalLocales(name));
function accepted(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

export const timeZone = z.string().max(60).refine(isTimeZone, 'Name a time zone such as Europe/Berlin.');
export const locale = z.string().min(2).max(35).refine(isLocale, 'Name a language such as en, de or pt-BR.');
export const latitude = z.number().min(-90).max(90);
export const longitude = z.number().min(-180).max(180);
export const webAddress = z
  .string()
  .max(500)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'Give an address that begins with https:// or http://.',
  );
export const email = z.email('Give an e-mail address.').max(254);
