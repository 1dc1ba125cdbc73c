import { Worker } from 'node:worker_threads';
import { type Embedder, type EmbedderState, EmbedderUnavailable } from './embedder.ts';
import { DIMENSIONS } from './encoder.ts';
import { MODEL_SHA256 } from './modelFile.ts';
import { PREPARATION } from './prepare.ts';
import { projectFile } from './projectFile.ts';
import { type Batch, EmbeddingQueue } from './queue.ts';
import type { ThreadAnswer, ThreadData } from './thread.ts';

const MODEL = `use-multilingual-v3-${MODEL_SHA256.slice(0, 8)}-${PREPARATION}`;
const LANGUAGES = 'ar de en es fr it ja ko nl pl pt ru th tr zh zh-TW'.split(' ');
const MODEL_FILE = 'search/model/use-multilingual-v3.bin';
/** A file that is missing now may be there then; until then nobody reads 26 MB in vain. */
const LOOK_AGAIN_MS = 10_000;

/** The model of the repository, in a thread of its own that is started at the first text, and again when it crashed. */
export function embedded({
  model = projectFile(MODEL_FILE),
  kernel = projectFile('search/dist/kernel.wasm'),
  program = projectFile('search/dist/embedder.js'),
  lookAgainMs = LOOK_AGAIN_MS,
} = {}): Embedder {
  const queue = new EmbeddingQueue();
  let state: EmbedderState = { state: 'ASLEEP' };
  let worker: Worker | undefined;
  let batch: Batch | undefined;
  let isClosed = false;
  let lookAgainAt = 0;
  /** A thread that dies before its first answer would die again. */
  let hasAnswered = false;

  const start = () => {
    if (!model) return down(`${MODEL_FILE} is missing; bring it back from the repository.`);
    if (!kernel || !program) return down('The embedder is not built; run npm run build.');
    state = { state: 'LOADING' };
    hasAnswered = false;
    const workerData: ThreadData = { model, kernel };
    // Loaders of the process, as of TypeScript, are not for a program that is built.
    const started = new Worker(program, { workerData, execArgv: [], name: 'embedder' });
    worker = started;
    started.on('message', (said: ThreadAnswer) => {
      if (said.kind === 'failed') return down(said.message);
      if (said.kind === 'vectors') {
        hasAnswered = true;
        batch?.resolve(said.vectors);
        batch = undefined;
      }
      state = { state: 'READY' };
      next();
    });
    started.on('error', (error) => ended(started, error));
    started.on('exit', () => ended(started, new Error('it exited')));
  };

  const next = () => {
    if (!worker || state.state !== 'READY' || batch) return;
    batch = queue.take();
    // Only work keeps the process alive.
    if (!batch) return worker.unref();
    worker.ref();
    worker.postMessage(batch.texts);
  };

  const down = (notice: string) => {
    state = { state: 'DOWN', notice };
    lookAgainAt = Date.now() + lookAgainMs;
    void worker?.terminate();
    worker = undefined;
    const failure = new EmbedderUnavailable(notice, { retryAfterMs: lookAgainMs });
    batch?.reject(failure);
    batch = undefined;
    queue.rejectAll(failure);
  };

  /** Whose texts it was working on cannot know whether they killed it; the others go on with a new thread. */
  const ended = (which: Worker, error: Error) => {
    if (worker !== which) return;
    const notice = `The embedder's thread ended: ${error.message}.`;
    if (!hasAnswered) return down(notice);
    batch?.reject(new EmbedderUnavailable(notice, { cause: error }));
    batch = undefined;
    worker = undefined;
    if (queue.isEmpty) state = { state: 'DOWN', notice };
    else start();
  };

  return {
    model: MODEL,
    dimensions: DIMENSIONS,
    languages: LANGUAGES,
    async embed(texts, options = {}) {
      if (isClosed) throw new EmbedderUnavailable('The embedder was closed.');
      if (!worker && Date.now() < lookAgainAt)
        throw new EmbedderUnavailable(state.notice!, { retryAfterMs: lookAgainAt - Date.now() });
      const answers = queue.add(texts, options);
      if (!queue.isEmpty && !worker) start();
      next();
      return answers;
    },
    state: () => state,
    async close() {
      isClosed = true;
      down('The embedder was closed.');
    },
  };
}
