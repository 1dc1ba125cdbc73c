import { parentPort, workerData } from 'node:worker_threads';
import { loadModel } from './understand.ts';

export type ThreadData = { model: string; kernel: string };
export type ThreadAnswer =
  { kind: 'ready' } | { kind: 'failed'; message: string } | { kind: 'vectors'; vectors: (Float32Array | null)[] };

/** What the embedder's thread runs: loads the model, then answers each batch of texts with its vectors. */
const port = parentPort!;
const answer = (said: ThreadAnswer, transfer: ArrayBuffer[] = []) => port.postMessage(said, transfer);

try {
  const understand = loadModel(workerData as ThreadData);
  port.on('message', (texts: string[]) => {
    const vectors = understand(texts);
    answer(
      { kind: 'vectors', vectors },
      vectors.flatMap((vector) => (vector ? [vector.buffer as ArrayBuffer] : [])),
    );
  });
  answer({ kind: 'ready' });
} catch (error) {
  answer({ kind: 'failed', message: (error as Error).message });
}
