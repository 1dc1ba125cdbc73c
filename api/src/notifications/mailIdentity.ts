import { letterFor, type LetterKind, type MailReason } from '../identity/mails.ts';
import { withinMailBudget } from '../identity/throttle.ts';
import { defineJob, type JobPayload } from '../jobs.ts';
import { link } from '../links.ts';
import { envelopeOf, sendMail } from './mail.ts';
import { accountMail } from './mailTexts.ts';

const PAGES: Partial<Record<LetterKind, string>> = {
  CONFIRM_EMAIL: 'verify-email',
  CHOOSE_PASSWORD: 'reset-password',
  RESET_PASSWORD: 'reset-password',
};

// The token is made here and goes straight into the mail: neither a table nor the queue ever holds it in clear.
defineJob<MailReason & JobPayload>('identity.mail', async (reason, helpers) => {
  const letter = await letterFor(reason);
  if (!letter) return;
  await withinMailBudget(letter, async () => {
    const token = await letter.token?.();
    if (token === null) return;
    const page = PAGES[letter.about];
    const url = page && token ? link(page, { token }) : link('');
    await sendMail(accountMail(letter.about, { ...letter, url }), envelopeOf(helpers));
  });
});
