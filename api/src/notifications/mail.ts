import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type Transporter } from 'nodemailer';
import { defineJob, type JobPayload } from '../jobs.ts';
import { log } from '../log.ts';
import { defineCheck } from '../readiness.ts';

/** A mail to one person. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html?: string;
}

interface MailSettings {
  SMTP_URL?: string | undefined;
  MAIL_FROM: string;
  dataDir: string;
}
let settings: MailSettings | undefined;
let smtp: Transporter | undefined;

/** Sets how mail leaves: by SMTP_URL, else as files under the data folder. Called once at start. */
export function configureMail(given: MailSettings) {
  settings = given;
  const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };
  smtp = given.SMTP_URL ? createTransport({ url: given.SMTP_URL, ...timeouts }) : undefined;
}

const configured = () => {
  if (!settings) throw new Error('configureMail() has to be called before mail is sent.');
  return settings;
};

/** Which run of a job this is; a mail that is sent again by a retry carries the same id, so that mailboxes can tell. */
export interface Envelope {
  id: string;
  createdAt: Date;
}
/** What graphile-worker says of the running job. */
export const envelopeOf = ({ job }: { job: { id: string; created_at: Date } }): Envelope => ({
  id: job.id,
  createdAt: new Date(job.created_at),
});

/** Sends the mail, or writes it to a file where no SMTP server is configured. Throws when it may succeed later. */
export async function sendMail(mail: Mail, envelope: Envelope) {
  if (!smtp) return writeMail(mail, envelope);
  const { MAIL_FROM } = configured();
  const host = /@([^\s>]+)/.exec(MAIL_FROM)?.[1] ?? 'localhost';
  try {
    await smtp.sendMail({
      ...mail,
      from: MAIL_FROM,
      // As an object it is one address, whatever characters it has.
      to: { address: mail.to, name: '' },
      messageId: `<kith.${envelope.createdAt.getTime()}.${envelope.id}@${host}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  } catch (error) {
    if (!isRefusedForGood(error)) throw error;
    log.warn({ error }, 'the mail server refused the address of a recipient for good; the mail is dropped');
  }
}

/** The server said that this recipient cannot be reached, now or later. */
function isRefusedForGood(error: unknown): boolean {
  const { code, command, responseCode = 0 } = error as { code?: string; command?: string; responseCode?: number };
  return code === 'EENVELOPE' && command === 'RCPT TO' && responseCode >= 500;
}

async function writeMail({ to, subject, text }: Mail, { id, createdAt }: Envelope) {
  const folder = join(configured().dataDir, 'mail');
  const file = join(folder, `${createdAt.toISOString().replace(/[:.]/g, '-')}-${id}.txt`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The same job writes the same file. It may hold a link that opens an account: for the owner's eyes only.
  await writeFile(file, `To: ${to}\nSubject: ${subject}\n\n${text}\n`, { mode: 0o600 });
  log.info({ to, subject, link: /https?:\/\/\S+#\S+/.exec(text)?.[0], file }, 'a mail was written to a file');
}

// Lower domains may not call this file; they enqueue `mail.send` in their own transaction.
defineJob<Mail & JobPayload>('mail.send', ({ to, subject, text, html }, helpers) =>
  sendMail({ to, subject, text, ...(html && { html }) }, envelopeOf(helpers)),
);

defineCheck('mail', async () =>
  smtp
    ? { ok: true, by: 'smtp' }
    : {
        ok: true,
        by: 'files',
        notice: 'No mail leaves: set SMTP_URL. Mails are written to the folder mail of the data folder.',
      },
);
