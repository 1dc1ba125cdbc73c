import { invitationLetter } from '../communities/invitations.ts';
import { withinMailBudget } from '../identity/throttle.ts';
import { defineJob } from '../jobs.ts';
import { link } from '../links.ts';
import { envelopeOf, sendMail } from './mail.ts';
import { invitationMail } from './mailTexts.ts';

// The token is made here and goes straight into the mail. A run that is repeated sends another mail with another token, so it says so.
defineJob<{ communityId: string; invitationId: string }>('invitation.mail', async (invitation, helpers) => {
  const letter = await invitationLetter(invitation);
  if (!letter) return;
  await withinMailBudget({ to: letter.to, about: 'INVITATION' }, async () => {
    const envelope = envelopeOf(helpers);
    const url = link('invitation', { token: letter.token });
    await sendMail(invitationMail({ ...letter, url }), { ...envelope, id: `${envelope.id}.${helpers.job.attempts}` });
  });
});
