import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import * as categories from './categories/index.ts';
import { detectLanguage } from './languages.ts';
import { refine, type RefineOptions } from './refinement.ts';
import * as services from './services/index.ts';

/** What is asked of the thread, and what it answers. Vectors go in one array, one after another. */
export interface Asked {
  /** Learned categories of the installation, or those that ship; those of another embedder are not used. */
  load: { ask: { embedder: string; learned: Uint8Array | undefined }; answer: Knowing };
  senses: { ask: { vectors: Float32Array; dimensions: number }; answer: Float32Array };
  traits: { ask: { vectors: Float32Array; dimensions: number }; answer: Float32Array };
  /** The services each text is likely about, as many of each; none where no bank was made for the embedder. */
  services: {
    ask: { vectors: Float32Array; dimensions: number; kinds: readonly services.Kind[] };
    answer: { places: Uint16Array; amplitudes: Float32Array };
  };
  languages: {
    ask: { texts: readonly string[]; likely: readonly string[]; known: string[] | undefined };
    answer: (string | undefined)[];
  };
  refine: { ask: RefineOptions; answer: ReturnType<typeof refine> };
  /** The middle of many texts, to be taken out of the vectors of an embedder of which nothing was learned. */
  centre: { ask: { vectors: Float32Array; dimensions: number }; answer: void };
}
export type AskedKind = keyof Asked;

/** What is known beside the embedder. Without categories there is nothing learned for it. */
export interface Knowing {
  /** Tells senses made in one way from those made in another. */
  sense: string;
  isCentred: boolean;
  categories: Pick<categories.Model, 'keys' | 'shares' | 'calibration'> | undefined;
}

let model: categories.Model | undefined;
let sense: (vector: Float32Array) => Float32Array = (vector) => vector;
let servicesOf: ReturnType<typeof services.servicesOf> | undefined;

const does: {
  [Kind in AskedKind]: (ask: Asked[Kind]['ask']) => Asked[Kind]['answer'] | Promise<Asked[Kind]['answer']>;
} = {
  load({ embedder, learned: bytes }) {
    const learned = bytes ? categories.deserialize(bytes) : shipped(categories.defaultLearned);
    const bank = shipped(services.defaultServices);
    servicesOf = bank?.embedder === embedder ? services.servicesOf(bank) : undefined;
    if (learned?.embedder !== embedder) {
      model = undefined;
      return { sense: 'centred-1', isCentred: true, categories: undefined };
    }
    const { statistics, wording, calibration } = learned;
    model = categories.modelOf(statistics, { wording, calibration });
    sense = categories.senseOf(wording);
    const { keys, shares } = model;
    return { sense: nameOf(wording), isCentred: false, categories: { keys, shares, calibration } };
  },
  senses: ({ vectors, dimensions }) => each(vectors, dimensions, sense),
  traits: ({ vectors, dimensions }) =>
    model ? each(vectors, dimensions, (vector) => categories.traitsOf(model!, vector)) : new Float32Array(0),
  services({ vectors, dimensions, kinds }) {
    const of = servicesOf;
    if (!of) return { places: new Uint16Array(0), amplitudes: new Float32Array(0) };
    const found = kinds.map((kind, index) => of(vectors.subarray(index * dimensions, (index + 1) * dimensions), kind));
    return {
      places: Uint16Array.from(found.flatMap(({ places }) => [...places])),
      amplitudes: Float32Array.from(found.flatMap(({ amplitudes }) => [...amplitudes])),
    };
  },
  languages: ({ texts, ...options }) => Promise.all(texts.map((text) => detectLanguage(text, options))),
  refine,
  centre({ vectors, dimensions }) {
    const mean = new Float32Array(dimensions);
    for (let index = 0; index < vectors.length; index++)
      mean[index % dimensions]! += vectors[index]! / (vectors.length / dimensions);
    sense = (vector) => unit(vector.map((value, index) => value - mean[index]!));
  },
};

/** A file that is damaged is as good as missing: words and vectors do without. */
function shipped<Learned>(read: () => Learned | undefined): Learned | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const nameOf = ({ mean, within }: categories.Wording) => {
  const hash = createHash('sha256').update(Buffer.from(mean.buffer)).update(Buffer.from(within.buffer));
  return `sense-${hash.digest('hex').slice(0, 8)}`;
};

function each(vectors: Float32Array, dimensions: number, of: (vector: Float32Array) => Float32Array): Float32Array {
  const answers: Float32Array[] = [];
  for (let start = 0; start < vectors.length; start += dimensions)
    answers.push(of(vectors.subarray(start, start + dimensions)));
  const length = answers[0]?.length ?? 0;
  const all = new Float32Array(length * answers.length);
  answers.forEach((answer, index) => all.set(answer, index * length));
  return all;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}

export type Said = { id: number } & ({ answer: unknown } | { failure: string });
const port = parentPort!;
// One after another, in the order they came.
let last: Promise<void> = Promise.resolve();
port.on('message', ({ id, kind, ask }: { id: number; kind: AskedKind; ask: never }) => {
  last = last.then(async () => {
    try {
      port.postMessage({ id, answer: await does[kind](ask) } satisfies Said);
    } catch (error) {
      port.postMessage({ id, failure: (error as Error).message } satisfies Said);
    }
  });
});
