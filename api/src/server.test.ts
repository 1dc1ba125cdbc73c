import { mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { testKith, type TestKith } from '../../test/kit.ts';
import { readiness } from './readiness.ts';

const REQUESTS = 20;
let kith: TestKith;
beforeAll(async () => {
  kith = await testKith({ settings: { TRUST_PROXY: 'on', REQUESTS_PER_MINUTE: String(REQUESTS) } });
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
  expect(readiness()).toBe(readiness());
});
