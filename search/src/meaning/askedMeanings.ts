import { EmbedderUnavailable, type Embedder } from './embedder.ts';
import { pack, type Packed } from './int8.ts';
import { type Knowledge } from './knowledge.ts';

/** How long somebody who searches waits for the meaning of what they wrote; then words serve alone. */
const WITHIN_MS = 150;
const KEPT_MOST = 5_000;

/** A text as somebody asks it. Not understood: its words serve alone, and nothing is wrong. */
export type AskedMeaning = { vector: Float32Array; sense: Packed } | null;

/** The meanings of texts that are asked, each made once: what people look for repeats, and pages of one search ask the same. */
export class AskedMeanings {
  readonly #kept = new Map<string, Promise<AskedMeaning>>();
  readonly #embedder: Embedder;
  readonly #knowledge: Knowledge;

  constructor(embedder: Embedder, knowledge: Knowledge) {
    this.#embedder = embedder;
    this.#knowledge = knowledge;
  }

  /** Throws EmbedderUnavailable when it is not there in time; made in the background, it is there for the next who asks. */
  async of(text: string): Promise<AskedMeaning> {
    const key = text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
    const made = this.#kept.get(key) ?? this.#make(text);
    // What was asked last goes last.
    this.#kept.delete(key);
    this.#kept.set(key, made);
    if (this.#kept.size > KEPT_MOST) this.#kept.delete(this.#kept.keys().next().value!);
    made.catch(() => this.#kept.get(key) === made && this.#kept.delete(key));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new EmbedderUnavailable('Meaning was not there in time.')), WITHIN_MS);
    });
    return Promise.race([made, late]).finally(() => clearTimeout(timer));
  }

  async #make(text: string): Promise<AskedMeaning> {
    const [vector] = await this.#embedder.embed([text], { urgent: true });
    if (!vector) return null;
    const [sense] = await this.#knowledge.senses([vector]);
    return { vector, sense: pack(sense!) };
  }
}
