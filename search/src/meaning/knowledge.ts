import { Worker } from 'node:worker_threads';
import { EmbedderUnavailable, type Embedder } from './embedder.ts';
import type { Asked, AskedKind, Knowing, Said } from './knowledgeThread.ts';
import { phrases } from './phrases.ts';
import { projectFile } from './projectFile.ts';
import type { Kind, Services } from './services/index.ts';

export type { Knowing } from './knowledgeThread.ts';

type Waiting = { resolve(answer: unknown): void; reject(error: unknown): void };

/**
 * What is known beside the embedder: how texts of one meaning differ, which categories there are, which language a text is in. It is
 * learned and used in a thread of its own, because it takes long seconds of a processor that requests wait for.
 */
export class Knowledge {
  readonly #embedder: Embedder;
  readonly #learned: () => Promise<Uint8Array | undefined>;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #asked = 0;
  #isClosed = false;
  #knowing: Promise<Knowing> | undefined;

  /** `learned` are the categories this installation adopted; undefined: those that ship. */
  constructor(embedder: Embedder, learned: () => Promise<Uint8Array | undefined>) {
    this.#embedder = embedder;
    this.#learned = learned;
  }

  /** Loads it at the first call. Throws EmbedderUnavailable. */
  knowing(): Promise<Knowing> {
    return (this.#knowing ??= this.#load().catch((error: unknown) => {
      this.#knowing = undefined;
      throw error;
    }));
  }

  /** What was learned has changed: it is read anew at the next use. */
  forget() {
    this.#knowing = undefined;
  }

  /** Vectors without their wording, of unit length. */
  async senses(vectors: readonly Float32Array[]): Promise<Float32Array[]> {
    await this.knowing();
    return this.#each('senses', vectors);
  }

  /** What the texts of these vectors are about; of an embedder for which no categories were learned nothing. */
  async traits(vectors: readonly Float32Array[]): Promise<Float32Array[]> {
    const { categories } = await this.knowing();
    return categories ? this.#each('traits', vectors) : vectors.map(() => new Float32Array(0));
  }

  /** The services the listings of these kinds and vectors are likely about; null where none are known for the embedder. */
  async services(vectors: readonly Float32Array[], kinds: readonly Kind[]): Promise<(Services | null)[]> {
    await this.knowing();
    if (!vectors.length) return [];
    const { places, amplitudes } = await this.#ask('services', { ...flat(vectors), kinds });
    const kept = places.length / vectors.length;
    const of = <Numbers extends Uint16Array | Float32Array>(all: Numbers, index: number) =>
      all.slice(index * kept, (index + 1) * kept) as Numbers;
    return vectors.map((_, index) => (kept ? { places: of(places, index), amplitudes: of(amplitudes, index) } : null));
  }

  async languages(texts: readonly string[], likely: readonly string[]): Promise<(string | undefined)[]> {
    const known = this.#embedder.languages?.map((language) => language.split('-')[0]!);
    return this.#ask('languages', { texts, likely, known });
  }

  /** Learns for long seconds, in a thread that nobody else waits for. */
  async refine(ask: Asked['refine']['ask']): Promise<Asked['refine']['answer']> {
    const apart = new Knowledge(this.#embedder, this.#learned);
    try {
      return await apart.#ask('refine', ask);
    } finally {
      await apart.close();
    }
  }

  async close() {
    this.#isClosed = true;
    this.#fail('The embedder was closed.');
    await this.#worker?.terminate();
  }

  async #load(): Promise<Knowing> {
    const knowing = await this.#ask('load', { embedder: this.#embedder.model, learned: await this.#learned() });
    if (knowing.isCentred) {
      // Of many embedders all vectors lean to one side, and any two texts look alike: what all have in common goes.
      const vectors = (await this.#embedder.embed(phrases)).filter((vector) => vector !== null);
      if (vectors.length) await this.#ask('centre', flat(vectors));
    }
    return knowing;
  }

  async #each(kind: 'senses' | 'traits', vectors: readonly Float32Array[]): Promise<Float32Array[]> {
    if (!vectors.length) return [];
    const answer = await this.#ask(kind, flat(vectors));
    const length = answer.length / vectors.length;
    return vectors.map((_, index) => answer.subarray(index * length, (index + 1) * length));
  }

  #ask<Kind extends AskedKind>(kind: Kind, ask: Asked[Kind]['ask']): Promise<Asked[Kind]['answer']> {
    if (this.#isClosed) throw new EmbedderUnavailable('The embedder was closed.');
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      const id = ++this.#asked;
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      // Only work keeps the process alive.
      worker.ref();
      worker.postMessage({ id, kind, ask });
    });
  }

  #start(): Worker {
    const program = projectFile('search/dist/knowledge.js');
    if (!program) throw new EmbedderUnavailable('The embedder is not built; run npm run build.');
    const worker = new Worker(program, { execArgv: [], name: 'knowledge' });
    worker.on('message', (said: Said) => {
      const waiting = this.#waiting.get(said.id);
      this.#waiting.delete(said.id);
      if (!this.#waiting.size) worker.unref();
      if ('failure' in said) waiting?.reject(new EmbedderUnavailable(said.failure));
      else waiting?.resolve(said.answer);
    });
    const ended = (why: string) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      // A new thread has to load it again.
      this.#knowing = undefined;
      this.#fail(`What is known of categories cannot be used: its thread ended (${why}).`);
    };
    worker.on('error', (error) => ended(error.message));
    worker.on('exit', () => ended('it exited'));
    return worker;
  }

  #fail(notice: string) {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new EmbedderUnavailable(notice));
  }
}

function flat(vectors: readonly Float32Array[]) {
  const dimensions = vectors[0]!.length;
  const all = new Float32Array(vectors.length * dimensions);
  vectors.forEach((vector, index) => all.set(vector, index * dimensions));
  return { vectors: all, dimensions };
}
