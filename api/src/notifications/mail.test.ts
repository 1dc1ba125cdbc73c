import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { outsideCommunities } from '../db.ts';
import { enqueue } from '../jobs.ts';
import { configureMail } from './mail.ts';
import { accountMail, notificationMail } from './mailTexts.ts';

let kith: TestKith;
let smtp: SMTPServer;
const received: { mail: ParsedMail; recipients: string[]; user: unknown }[] = [];
/** What the server says to the next recipient, once. */
let refusal: { responseCode: number; message: string } | undefined;

beforeAll(async () => {
  smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss' ? done(null, { user: username }) : done(new Error('Invalid login')),
    onRcptTo(_address, _session, done) {
      const error = refusal && Object.assign(new Error(refusal.message), refusal);
      refusal = undefined;
      done(error);
    },
    onData(stream, { envelope, user }, done) {
      simpleParser(stream).then((mail) => {
        received.push({ mail, recipients: envelope.rcptTo.map(({ address }) => address), user });
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as { port: number };
  const settings = {
    SMTP_URL: `smtp://kith:p%40ss@127.0.0.1:${port}`,
    MAIL_FROM: 'Testville <post@testville.example>',
  };
  kith = await testKith({ settings });
});
afterAll(async () => {
  await kith.stop();
  await new Promise<void>((resolve) => smtp.close(resolve));
});
afterEach(() => {
  configureMail(kith.config);
  received.length = 0;
});

const send = (mail: { to: string; subject: string; text: string; html?: string }) =>
  outsideCommunities((tx) => enqueue(tx, 'mail.send', mail));
const dueNow = () => kith.sql('update graphile_worker._private_jobs set run_at = now()');
const waiting = async () =>
  (await kith.sql('select count(*)::int as count from graphile_worker._private_jobs'))[0]!.count;

test('a mail goes through the SMTP server, signed in, as text and as HTML', async () => {
  await send({
    to: 'anna@example.org',
    subject: 'Привет',
    text: 'Здравствуйте, Анна',
    html: '<p>Здравствуйте, Анна</p>',
  });
  await kith.jobs();
  expect(received).toHaveLength(1);
  const [{ mail, recipients, user }] = received as [(typeof received)[0]];
  expect([recipients, user]).toEqual([['anna@example.org'], 'kith']);
  expect(mail.from!.text).toBe('"Testville" <post@testville.example>');
  expect([mail.subject, mail.text?.trim(), mail.html]).toEqual([
    'Привет',
    'Здравствуйте, Анна',
    '<p>Здравствуйте, Анна</p>',
  ]);
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
});

test('the link of a sign-up arrives and works', async () => {
  const input = { email: 'new@example.org', password: 'apples and pears' };
  await kith.gql('mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }', { input });
  await kith.jobs();
  const { mail, recipients } = received[0]!;
  expect(recipients).toEqual(['new@example.org']);
  const link = `${kith.url}/#/verify-email?token=`;
  const token = mail.text!.split(link)[1]!.slice(0, 43);
  expect(mail.html).toContain(`<a href="${link}${token}">`);
  const verify = 'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { __typename } }';
  expect((await kith.gql(verify, { input: { token } })).data.verifyEmail.__typename).toBe('EmailConfirmed');
});

test('a server that is busy is asked again, and the mail keeps its id', async () => {
  refusal = { responseCode: 451, message: 'Try again later' };
  await send({ to: 'anna@example.org', subject: 'Later', text: 'Later' });
  await expect(kith.jobs()).rejects.toThrow('Try again later');
  const [job] = await kith.sql(
    'select id::text, attempts, run_at > now() as later, last_error from graphile_worker._private_jobs',
  );
  expect(job).toMatchObject({ attempts: 1, later: true });
  await dueNow();
  await kith.jobs();
  expect(received.map(({ mail }) => mail.subject)).toEqual(['Later']);
  expect(received[0]!.mail.messageId).toMatch(new RegExp(`^<kith\\.\\d+\\.${job!.id}@testville\\.example>$`));
  expect(await waiting()).toBe(0);
});

test('an address that the server refuses for good is given up at once', async () => {
  refusal = { responseCode: 550, message: 'No such mailbox' };
  await send({ to: 'gone@example.org', subject: 'Never', text: 'Never' });
  await kith.jobs();
  expect([received.length, await waiting()]).toEqual([0, 0]);
});

test('a server that does not answer loses nothing', async () => {
  configureMail({ ...kith.config, SMTP_URL: 'smtp://127.0.0.1:1' });
  await send({ to: 'anna@example.org', subject: 'Patience', text: 'Patience' });
  await expect(kith.jobs()).rejects.toThrow('ECONNREFUSED');
  configureMail(kith.config);
  await dueNow();
  await kith.jobs();
  expect(received.map(({ mail }) => mail.subject)).toEqual(['Patience']);
});

test('neither a subject nor an address adds a header or a second recipient', async () => {
  await send({ to: 'anna@example.org', subject: 'Hello\r\nBcc: all@example.org', text: 'x' });
  await send({ to: 'anna@example.org, boris@example.org', subject: 'Two', text: 'x' });
  await kith.jobs().catch(() => {});
  expect(received.map(({ recipients }) => recipients)).toEqual([['anna@example.org']]);
  expect(received[0]!.mail.headers.has('bcc')).toBe(false);
  expect(received[0]!.mail.subject).toBe('Hello Bcc: all@example.org');
  await kith.sql('delete from graphile_worker._private_jobs');
});

test('without an SMTP server mails are files for the owner’s eyes, one for each mail however often its job runs', async () => {
  configureMail({ ...kith.config, SMTP_URL: undefined });
  await send({ to: 'anna@example.org', subject: 'Hello', text: 'Dear Anna' });
  await kith.jobs();
  const folder = join(kith.config.dataDir, 'mail');
  const [file, ...more] = await readdir(folder);
  expect(more).toEqual([]);
  expect(await readFile(join(folder, file!), 'utf8')).toBe('To: anna@example.org\nSubject: Hello\n\nDear Anna\n');
  expect((await stat(join(folder, file!))).mode & 0o777).toBe(0o600);
  const ready = (await (await fetch(`${kith.url}/ready`)).json()) as { mail: unknown };
  expect(ready.mail).toMatchObject({ ok: true, by: 'files' });
});

test('what members wrote is text in HTML, not markup', () => {
  const { html, subject, text } = notificationMail(
    { title: '<b>"Hi"</b>\nBcc: x', body: "it's & <script>", communityName: 'A & B' },
    { to: 'anna@example.org', locale: 'ru', url: 'https://kith.example/#/?a=1&b=2' },
  );
  expect(subject).toBe('[A & B] <b>"Hi"</b> Bcc: x');
  expect(html).toContain('<p>&lt;b&gt;&quot;Hi&quot;&lt;/b&gt;<br>Bcc: x</p><p>it&#39;s &amp; &lt;script&gt;</p>');
  expect(html).toContain('<a href="https://kith.example/#/?a=1&amp;b=2">Открыть Kith</a>');
  expect(text).toContain("it's & <script>");
});

test('a locale we have no texts for gets English', () => {
  const to = { to: 'anna@example.org', url: 'https://kith.example/' };
  expect(accountMail('RESET_PASSWORD', { ...to, locale: 'fi' }).subject).toBe('Set a new password');
  expect(accountMail('RESET_PASSWORD', { ...to, locale: 'RU-ru' }).subject).toBe('Новый пароль');
  expect(accountMail('RESET_PASSWORD', { ...to, locale: 'constructor' }).subject).toBe('Set a new password');
});
