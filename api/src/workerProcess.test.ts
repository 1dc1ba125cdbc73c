import { expect, onTestFinished, test } from 'vitest';
import { testDatabase, withClient } from '../../test/database.ts';
import { log } from './log.ts';
import { startWorkerProcess } from './workerProcess.ts';

// As it is run from its source elsewhere.
const NODE_OPTIONS = '--import tsx';
log.level = 'silent';
const JOB = 'import.forget';

test('jobs are worked on in a process of its own, and by another one when that was killed', async () => {
  const { ownerUrl, appUrl, drop } = await testDatabase();
  const worker = await startWorkerProcess({
    ...{ DATABASE_URL: ownerUrl, DATABASE_APP_URL: appUrl, PUBLIC_URL: 'http://localhost:4000', NODE_OPTIONS },
    ...{ SEARCH_ENGINE: 'postgres', EMBEDDER: 'none', LOG_LEVEL: 'silent', WORKER_CONCURRENCY: '1' },
  });
  onTestFinished(async () => {
    await worker.stop();
    await drop();
  });
  const first = worker.pid();
  const isDone = async () => {
    const { rows } = await withClient(ownerUrl, (owner) =>
      owner.query('select 1 from graphile_worker.jobs where task_identifier = $1', [JOB]),
    );
    return rows.length === 0;
  };
  for (const kill of [false, true]) {
    if (kill) process.kill(first!, 'SIGKILL');
    await withClient(ownerUrl, (owner) => owner.query("select kith.enqueue($1, '{}', null, null, null, null)", [JOB]));
    await expect.poll(isDone, { timeout: 30_000 }).toBe(true);
  }
  expect(worker.pid()).not.toBe(first);
  await worker.stop();
  expect(() => process.kill(worker.pid()!, 0)).toThrow('ESRCH');
}, 60_000);

test('a worker that cannot start says so', async () => {
  const settings = { NODE_OPTIONS, DATABASE_URL: 'mysql://nowhere', LOG_LEVEL: 'silent' };
  await expect(startWorkerProcess(settings)).rejects.toThrow('at its start');
}, 60_000);
