/** Which rule a password breaks. */
export const PASSWORD_RULES = ['TOO_SHORT', 'TOO_LONG', 'SAME_AS_EMAIL', 'SAME_AS_NAME', 'TOO_COMMON'] as const;
export type PasswordRule = (typeof PASSWORD_RULES)[number];

export const PASSWORD_LEAST = 10;
export const PASSWORD_MOST = 200;
const DIFFERENT_CHARACTERS_LEAST = 4;

// Of the length we ask for, what people type first.
const COMMON = new Set(
  `0123456789 1234567890 12345678910 123456789a 1234567891 0987654321 9876543210 1122334455 1q2w3e4r5t 1qaz2wsx3edc
  a123456789 abcdefghij abcd123456 administrator changeme123 football123 iloveyou123 iloveyou12 letmein123 letmeinnow
  monkey12345 mypassword p@ssw0rd123 passw0rd123 password01 password1! password11 password12 password123 password1234
  password12345 passwordpassword princess123 q1w2e3r4t5 qazwsxedcr qazwsxedcrfv qwerty1234 qwerty12345 qwerty123456
  qwertyqwerty qwertyuiop qwertyuiop1 qwertyuiop123 sunshine123 superman123 welcome123 welcome1234 zxcvbnm123
  администратор йцукен12345 йцукенгшщз любовь12345 пароль1234 пароль12345 привет12345`.split(/\s+/),
);

/** One password for every way a keyboard may compose it. */
export const canonicalPassword = (password: string) => password.normalize('NFKC');

/** The first rule the password breaks for this person; null when it may be used. */
export function brokenRule(password: string, { email, name }: { email: string; name: string }): PasswordRule | null {
  const canonical = canonicalPassword(password);
  const characters = [...canonical];
  if (characters.length < PASSWORD_LEAST) return 'TOO_SHORT';
  if (characters.length > PASSWORD_MOST) return 'TOO_LONG';
  const folded = canonical.toLowerCase().trim();
  if (folded === email || folded === email.split('@')[0]) return 'SAME_AS_EMAIL';
  if (folded === name.normalize('NFKC').toLowerCase().trim()) return 'SAME_AS_NAME';
  if (COMMON.has(folded) || new Set(characters).size < DIFFERENT_CHARACTERS_LEAST) return 'TOO_COMMON';
  return null;
}
