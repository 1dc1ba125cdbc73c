import { embedded } from './embedded.ts';
import { openAiCompatible } from './openAiCompatible.ts';

/** It cannot answer now and may be asked again later; the message is a sentence for people. Words serve meanwhile. */
export class EmbedderUnavailable extends Error {
  /** Where it is known when. */
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** It will go on refusing until somebody changes a setting; the message names which. */
export class EmbedderRefused extends Error {}

export type EmbedderState = {
  /** OFF by configuration; ASLEEP until first used; DOWN after a failure, and asked again at the next use. */
  state: 'OFF' | 'ASLEEP' | 'LOADING' | 'READY' | 'DOWN';
  /** Why it is DOWN, in a sentence for the operator. */
  notice?: string;
};

export type EmbedOptions = {
  /** Somebody waits for the answer: it goes before all that is not urgent, and fails soon rather than late. */
  urgent?: boolean;
  signal?: AbortSignal;
};

/** The port of meaning: a text becomes a vector, and texts that mean the same lie near each other, across languages. */
export interface Embedder {
  /** Stored beside vectors: those of another id, or of an earlier one, cannot be compared with its own. */
  readonly model: string;
  /** Numbers in a vector; undefined until a server's first answer tells. */
  readonly dimensions: number | undefined;
  /** The languages it was taught (BCP 47); undefined where nobody knows. In another it still knows names and words that are alike. */
  readonly languages: readonly string[] | undefined;
  /**
   * For each text a vector of unit length, or null where it cannot understand the text: no letters, or words it knows nothing of.
   * A text counts up to its first TEXT_MOST characters. Throws EmbedderUnavailable, EmbedderRefused, or the signal's reason.
   */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<(Float32Array | null)[]>;
  /** How it stands, without asking anybody. */
  state(): EmbedderState;
  /** Ends it; whoever waits gets EmbedderUnavailable. */
  close(): Promise<void>;
}

export type EmbedderConfig =
  | { kind: 'none' }
  /** The model that lies in the repository, in a thread of its own. */
  | { kind: 'embedded' }
  /** A server that speaks OpenAI's form of /embeddings; `url` ends before that, usually in /v1. */
  | { kind: 'openai'; url: string; model: string; key?: string };

/** Opens the embedder that the configuration names; nothing is loaded or called before the first text. */
export function openEmbedder(config: EmbedderConfig): Embedder {
  if (config.kind === 'openai') return openAiCompatible(config);
  return config.kind === 'embedded' ? embedded() : none;
}

const none: Embedder = {
  model: 'none',
  dimensions: undefined,
  languages: [],
  embed: async (texts) => texts.map(() => null),
  state: () => ({ state: 'OFF' }),
  close: async () => {},
};
