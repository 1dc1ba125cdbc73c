import { badInput } from '../errors.ts';

export const EMAIL_MOST = 254;
// Letters of any script, none of the characters by which a mail header could be continued or a second address be added.
const EMAIL = /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]+\.[^\s@<>()[\]\\,;:"\p{C}.]+$/u;

/** The form in which an e-mail address is kept and compared; rejects what is none. */
export function emailAddress(text: string, field = 'email'): string {
  const email = text.normalize('NFC').trim().toLowerCase();
  if (email.length > EMAIL_MOST || !EMAIL.test(email) || email.includes('..'))
    throw badInput(`${field} takes an e-mail address, such as anna@example.org.`, field);
  return email;
}
