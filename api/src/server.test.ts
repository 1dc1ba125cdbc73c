import { mkdir, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { testKith, type TestKith } from '../../test/kit.ts';
import { ConfigurationError, readConfig } from './config.ts';
import { defineCheck, readiness } from './readiness.ts';

const REQUESTS = 20;
let kith: TestKith;
beforeAll(async () => {
  kith = await testKith({
    settings: { TRUST_PROXY: 'on', REQUESTS_PER_MINUTE: String(REQUESTS), REQUEST_TIMEOUT_SECONDS: '1' },
  });
});
afterAll(() => kith.stop());

const refused = async (addresses: string[]) => {
  const answers = await Promise.all(addresses.map((address) => kith.gql('{ me { id } }', {}, { address })));
  return answers.filter(({ errors }) => errors?.[0]?.extensions.code === 'RATE_LIMITED').length;
};
const many = (address: (i: number) => string) => Array.from({ length: REQUESTS + 5 }, (_, i) => address(i));

test('requests are counted by network: an IPv6 /64 has 2^64 addresses', async () => {
  expect(await refused(many((i) => `2001:db8:7:7::${i.toString(16)}`))).toBe(5);
});

test('a port that a proxy adds makes no other client', async () => {
  expect(await refused(many((i) => `192.0.2.1:${50_000 + i}`))).toBe(5);
  expect(await refused(many((i) => `[2001:db8:8:8::1]:${50_000 + i}`))).toBe(5);
});

test('a place opens as many sockets in a minute as it may send requests: to open one asks who is there', async () => {
  const open = () =>
    new Promise<number | 'ok'>((resolve) => {
      const headers = { 'x-forwarded-for': '192.0.2.2' };
      const socket = new WebSocket(`${kith.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
      socket.on('message', () => (resolve('ok'), socket.close()));
      socket.on('close', (code) => resolve(code));
    });
  const answers = await Promise.all(many(String).map(open));
  expect(answers.filter((answer) => answer === 'ok')).toHaveLength(REQUESTS);
  expect(answers.filter((answer) => answer === 1013)).toHaveLength(5);
});

/** The path as it is written: fetch would make it plain. */
const statusOf = (path: string) =>
  new Promise<number>((resolve, reject) =>
    request(kith.url + path, { path }, (answer) => (answer.resume(), resolve(answer.statusCode!)))
      .on('error', reject)
      .end(),
  );

test('no path leads out of the folder of the console', async () => {
  const beside = join(kith.config.root, 'admin/dist-beside');
  await mkdir(beside, { recursive: true });
  try {
    await writeFile(join(beside, 'secret.txt'), 'secret');
    for (const path of [
      '/../dist-beside/secret.txt',
      '/..%2fdist-beside/secret.txt',
      '/%2e%2e/package.json',
      '/%00.js',
    ])
      expect([path, await statusOf(path)]).toEqual([path, 404]);
  } finally {
    await rm(beside, { recursive: true });
  }
});

test('those who ask at the same time whether this process is ready share one look', async () => {
  const look = readiness();
  expect(readiness()).toBe(look);
  await look;
});

test('the metrics are for this machine, or for who has the token where one is set', async () => {
  const ask = async (headers: Record<string, string> = {}) => (await fetch(`${kith.url}/metrics`, { headers })).status;
  expect([await ask(), await ask({ 'x-forwarded-for': '192.0.2.3' })]).toEqual([200, 403]);
  const token = 'a-token-of-some-length';
  kith.config.METRICS_TOKEN = token;
  try {
    expect(await ask()).toBe(401);
    expect(await ask({ authorization: 'Bearer another-token-there' })).toBe(401);
    expect(await ask({ authorization: 'Bearer a' })).toBe(401);
    expect(await ask({ authorization: `Bearer ${token}`, 'x-forwarded-for': '192.0.2.3' })).toBe(200);
  } finally {
    delete kith.config.METRICS_TOKEN;
  }
});

test('a token that is too short stops the start, and the sentence does not repeat it', () => {
  const read = () => readConfig({ METRICS_TOKEN: 'tooshort' });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(/^METRICS_TOKEN takes at least 16 characters \(it is "…"\)\.$/);
});

test('who asks whether it is ready learns which part is out, and nothing of what it said', async () => {
  let isOut = true;
  defineCheck('trial', async () => {
    if (isOut) throw new Error('password authentication failed for user "kith" at 10.0.0.1');
    return { ok: true };
  });
  const answer = await fetch(`${kith.url}/ready`);
  const body = await answer.text();
  expect([answer.status, JSON.parse(body).trial]).toEqual([
    503,
    { ok: false, notice: 'not reachable; the log says more' },
  ]);
  expect(body).not.toMatch(/password|10\.0\.0\.1/);
  isOut = false;
  expect((await fetch(`${kith.url}/ready`)).status).toBe(200);
});

/** Sends the beginning of a body and waits for what the server makes of it. */
const beginning = (path: string, method: string) =>
  new Promise<{ status: number; code?: string } | 'cut off'>((resolve) => {
    const asked = request(kith.url + path, {
      method,
      headers: { 'content-type': 'application/json', 'content-length': '1000' },
    });
    asked.on('response', async (answer: IncomingMessage) => {
      let text = '';
      for await (const chunk of answer.setEncoding('utf8')) text += chunk;
      resolve({ status: answer.statusCode!, code: JSON.parse(text).errors?.[0]?.extensions.code });
    });
    asked.on('error', () => resolve('cut off'));
    asked.write('{"query":');
  });

test('a request that does not arrive in time is ended', async () => {
  expect(await beginning('/graphql', 'POST')).toEqual({ status: 408, code: 'REQUEST_TIMEOUT' });
  expect((await kith.gql('{ me { id } }')).data.me).toBeNull();
});

test('a page of the console loads, asks and is shown in nothing but this server', async () => {
  const answer = await fetch(kith.url);
  const policy = new Map(
    answer.headers
      .get('content-security-policy')!
      .split('; ')
      .map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
  );
  expect(Object.fromEntries(policy)).toMatchObject({
    'default-src': "'self'",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    'object-src': "'none'",
  });
});
