import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meilisearchMissing, meilisearchProgram } from '../test/meilisearch.ts';
import { findMeilisearch, type MeilisearchServer } from './server.ts';

let dataDir: string;
const started: MeilisearchServer[] = [];
beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-meilisearch-'));
});
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

describe('finding Meilisearch', () => {
  it('takes the address it is given', async () => {
    const server = await findMeilisearch({ url: 'http://search.example:7700', key: 'k', dataDir });
    expect(server).toMatchObject({ url: 'http://search.example:7700', key: 'k' });
    await server!.stop();
  });
  it('finds none where there is no program', async () => {
    const { PATH } = process.env;
    process.env.PATH = dataDir;
    try {
      expect(await findMeilisearch({ dataDir })).toBeUndefined();
    } finally {
      process.env.PATH = PATH;
    }
  });
  it('says where to read why a program did not start', async () => {
    const program = path.join(dataDir, 'broken');
    fs.writeFileSync(program, '#!/bin/sh\necho no such option >&2\nexit 1\n', { mode: 0o700 });
    await expect(findMeilisearch({ program, dataDir })).rejects.toThrow(/server\.log/);
    expect(fs.readFileSync(path.join(dataDir, 'server.log'), 'utf8')).toContain('no such option');
  });
});

const missing =
  meilisearchMissing ?? (meilisearchProgram ? undefined : 'not tested, for MEILI_URL names a server of others');
const title = 'Meilisearch started by us';
describe.skipIf(missing)(missing ? `${title}: ${missing}` : title, () => {
  const find = async () => {
    const server = (await findMeilisearch({ program: meilisearchProgram, dataDir }))!;
    started.push(server);
    return server;
  };
  const file = () => path.join(dataDir, 'running.json');
  const running = (): { pid: number; owner: number } => JSON.parse(fs.readFileSync(file(), 'utf8'));
  const answers = async ({ url, key }: MeilisearchServer) => {
    const headers = { authorization: `Bearer ${key}` };
    return fetch(`${url}/version`, { headers }).then(
      ({ ok }) => ok,
      () => false,
    );
  };

  it('answers on this machine only, to its own key, which others cannot read', async () => {
    const server = await find();
    expect(await answers(server)).toBe(true);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(fs.statSync(path.join(dataDir, 'key')).mode & 0o777).toBe(0o600);
    expect(await answers({ ...server, key: 'another' })).toBe(false);
    await server.stop();
    expect(await answers(server)).toBe(false);
  });

  it('is joined by a second process and stopped by the first', async () => {
    const [first, second] = await Promise.all([find(), find()]);
    expect(second).toMatchObject({ url: first.url, key: first.key });
    // As the second process sees it: it belongs to another that lives.
    fs.writeFileSync(file(), JSON.stringify({ ...running(), owner: process.ppid }));
    await second.stop();
    expect(await answers(first)).toBe(true);
    fs.writeFileSync(file(), JSON.stringify({ ...running(), owner: process.pid }));
  });

  it('is taken over when its owner was killed, and started again at the same address when it died itself', async () => {
    const server = await find();
    const { pid } = running();
    fs.writeFileSync(file(), JSON.stringify({ ...running(), owner: 999_999_999 }));
    await server.ensure();
    expect(running()).toMatchObject({ pid, owner: process.pid });

    process.kill(pid, 'SIGKILL');
    await expect.poll(() => answers(server)).toBe(false);
    await server.ensure();
    expect(await answers(server)).toBe(true);
    expect(running().pid).not.toBe(pid);
  });
});
