// Stands in for the embedder's thread: answers each text with its length, and dies of the text "die".
import { parentPort } from 'node:worker_threads';

parentPort.on('message', (texts) => {
  if (texts.includes('die')) throw new Error('out of memory');
  parentPort.postMessage({ kind: 'vectors', vectors: texts.map(({ length }) => Float32Array.of(length)) });
});
parentPort.postMessage({ kind: 'ready' });
