import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Embedder,
  type EmbedderState,
  EmbedderRefused,
  EmbedderUnavailable,
  type EmbedOptions,
} from './embedder.ts';
import { TEXT_MOST, firstCharacters, hasLetters } from './prepare.ts';

const TEXTS_PER_CALL = 64;
const ATTEMPTS = 4;
const PAUSE_FIRST_MS = 200;
const PAUSE_MOST_MS = 5_000;
const WITHIN_MS = 30_000;
const URGENT_WITHIN_MS = 2_000;

type Server = { url: string; model: string; key?: string; pauseFirstMs?: number };

/** An embedder behind HTTP: OpenAI, Ollama, text-embeddings-inference and others. Failures that may pass are tried again, a bounded number of times. */
export function openAiCompatible({ url, model, key, pauseFirstMs = PAUSE_FIRST_MS }: Server): Embedder {
  const address = `${url.replace(/\/+$/, '')}/embeddings`;
  const closing = new AbortController();
  let state: EmbedderState = { state: 'ASLEEP' };
  let dimensions: number | undefined;

  const call = async (input: string[], { urgent, signal }: EmbedOptions): Promise<Float32Array[]> => {
    const timeout = AbortSignal.timeout(urgent ? URGENT_WITHIN_MS : WITHIN_MS);
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ model, input, encoding_format: 'float' }),
      signal: AbortSignal.any([timeout, closing.signal, ...(signal ? [signal] : [])]),
    });
    if (!response.ok) throw await failureOf(response);
    const vectors = vectorsIn(await response.json(), input.length);
    const length = vectors[0]!.length;
    dimensions ??= length;
    if (vectors.some((vector) => vector.length !== dimensions))
      throw new EmbedderRefused(
        `The embedding server answers vectors of ${length} numbers where it answered ${dimensions} before; set EMBEDDING_MODEL to one model and restart.`,
      );
    return vectors;
  };

  /** Somebody who waits is better served by words at once than by meaning in ten seconds: no second attempt. */
  const callAgain = async (input: string[], options: EmbedOptions): Promise<Float32Array[]> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const vectors = await call(input, options);
        state = { state: 'READY' };
        return vectors;
      } catch (error) {
        options.signal?.throwIfAborted();
        const failure = asFailure(error, address);
        state = { state: 'DOWN', notice: failure.message };
        if (failure instanceof EmbedderRefused || options.urgent || attempt === ATTEMPTS || closing.signal.aborted)
          throw failure;
        const pause = Math.max(pauseFirstMs * 2 ** (attempt - 1), failure.retryAfterMs ?? 0);
        if (pause > PAUSE_MOST_MS) throw failure;
        await sleep(pause, undefined, { signal: options.signal }).catch(() => options.signal?.throwIfAborted());
      }
    }
  };

  return {
    model: `openai:${model}`,
    get dimensions() {
      return dimensions;
    },
    languages: undefined,
    async embed(texts, options = {}) {
      const answers: (Float32Array | null)[] = texts.map(() => null);
      const asked = [...texts.keys()].filter((index) => hasLetters(texts[index]!));
      for (let from = 0; from < asked.length; from += TEXTS_PER_CALL) {
        const batch = asked.slice(from, from + TEXTS_PER_CALL);
        const vectors = await callAgain(
          batch.map((index) => firstCharacters(texts[index]!, TEXT_MOST)),
          options,
        );
        for (const [place, index] of batch.entries()) answers[index] = unit(vectors[place]!);
      }
      return answers;
    },
    state: () => state,
    close: async () => closing.abort(new EmbedderUnavailable('The embedder was closed.')),
  };
}

async function failureOf(response: Response): Promise<Error> {
  const said = (await response.text().catch(() => '')).slice(0, 200);
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
  if (response.status >= 500 || response.status === 429 || response.status === 408)
    return new EmbedderUnavailable(`The embedding server answered ${response.status}: ${said}`, { retryAfterMs });
  return new EmbedderRefused(
    `The embedding server refused with ${response.status}; check EMBEDDING_URL, EMBEDDING_MODEL and EMBEDDING_KEY. It said: ${said}`,
  );
}

function asFailure(error: unknown, address: string): EmbedderUnavailable | EmbedderRefused {
  if (error instanceof EmbedderUnavailable || error instanceof EmbedderRefused) return error;
  const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
  return new EmbedderUnavailable(`The embedding server at ${address} did not answer: ${why}`, { cause: error });
}

/** OpenAI's form: `data` holds an object with `index` and `embedding` for each text, in any order. */
function vectorsIn(body: unknown, texts: number): Float32Array[] {
  const { data } = (body ?? {}) as { data?: { index?: number; embedding?: unknown }[] };
  const vectors = new Array<Float32Array | undefined>(texts).fill(undefined);
  for (const [place, { index = place, embedding }] of Array.isArray(data) ? data.entries() : [])
    if (Array.isArray(embedding) && embedding.length > 0 && embedding.every(Number.isFinite))
      vectors[index] = Float32Array.from(embedding as number[]);
  if (vectors.length !== texts || vectors.includes(undefined))
    throw new EmbedderUnavailable('The embedding server did not answer a vector of numbers for every text.');
  return vectors as Float32Array[];
}

/** Null for a vector without direction. */
function unit(vector: Float32Array): Float32Array | null {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((number) => number / length) : null;
}
