import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The API as a process of its own, from its source or, as users run it, from the bundle. */
export async function startApi({
  databaseUrl,
  bundle = false,
  settings = {},
  nodeOptions = [],
}: {
  databaseUrl: string;
  bundle?: boolean;
  settings?: Record<string, string>;
  nodeOptions?: string[];
}) {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-api-'));
  const program = bundle ? ['api/dist/main.js'] : ['--import', 'tsx', 'api/src/main.ts'];
  const child = spawn(process.execPath, [...nodeOptions, ...program], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      PORT: '0',
      DEMO: 'off',
      LOG_LEVEL: 'fatal',
      REQUESTS_PER_MINUTE: '10000000',
      SOCKETS_PER_ADDRESS: '100000',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Whoever started it may fail: it does not live on.
  const orphan = () => child.kill('SIGKILL');
  process.once('exit', orphan);
  const exited = once(child, 'exit').then(() => {
    process.off('exit', orphan);
    fs.rmSync(dataDir, { recursive: true, force: true });
  });
  const url = await addressOf(child);
  return {
    url,
    pid: child.pid!,
    /** As a crash would: nothing is said to anybody. */
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Read from what it says when it runs; fails with what it said when it does not. */
function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the API ended with ${code}:\n${said}`)));
    const hear = (data: Buffer) => {
      said += String(data);
      const found = /GraphQL\s+(http:\/\/\S+)\/graphql/.exec(said);
      if (found) resolve(found[1]!);
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
  });
}
