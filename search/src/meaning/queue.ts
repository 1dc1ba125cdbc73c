type Answer = Float32Array | null;

/** One call: its texts, and what of them is answered. */
type Call = {
  texts: readonly string[];
  answers: Answer[];
  /** How many were taken, and how many are answered. */
  taken: number;
  answered: number;
  settle(error?: unknown): void;
};

/** Texts that go to the model together; they may come from several calls. */
export type Batch = { texts: string[]; resolve(answers: Answer[]): void; reject(error: unknown): void };

/** About 300 pieces: 30 ms of work, which is how long somebody who waits may stand behind it. */
const BATCH_BYTES = 1_200;
const BATCH_TEXTS = 64;

/** Gathers small calls into batches and cuts long ones up, the urgent first. */
export class EmbeddingQueue {
  readonly #urgent = new Set<Call>();
  readonly #rest = new Set<Call>();

  /** Resolves when all the texts are answered; rejects with the signal's reason, or with what a batch met. */
  add(texts: readonly string[], { urgent, signal }: { urgent?: boolean; signal?: AbortSignal }): Promise<Answer[]> {
    const line = urgent ? this.#urgent : this.#rest;
    return new Promise((resolve, reject) => {
      const answers = new Array<Answer>(texts.length).fill(null);
      const abort = () => call.settle(signal!.reason);
      const call: Call = {
        texts,
        answers,
        taken: 0,
        answered: 0,
        settle(error) {
          line.delete(call);
          signal?.removeEventListener('abort', abort);
          if (error === undefined) resolve(answers);
          else reject(error);
        },
      };
      if (texts.length === 0) return resolve(answers);
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', abort);
      line.add(call);
    });
  }

  get isEmpty(): boolean {
    return this.#urgent.size + this.#rest.size === 0;
  }

  /** What to do next, never the urgent and the rest together; undefined when nothing waits. */
  take(): Batch | undefined {
    const texts: string[] = [];
    const places: { call: Call; index: number }[] = [];
    let bytes = 0;
    for (const call of this.#waiting()) {
      while (call.taken < call.texts.length) {
        const text = call.texts[call.taken]!;
        bytes += Buffer.byteLength(text);
        if (texts.length === BATCH_TEXTS || (texts.length > 0 && bytes > BATCH_BYTES)) return batchOf(texts, places);
        places.push({ call, index: call.taken++ });
        texts.push(text);
      }
    }
    return texts.length > 0 ? batchOf(texts, places) : undefined;
  }

  /** Ends every call that waits. */
  rejectAll(error: unknown) {
    for (const call of [...this.#urgent, ...this.#rest]) call.settle(error);
  }

  #waiting(): Call[] {
    const untaken = (line: Set<Call>) => [...line].filter((call) => call.taken < call.texts.length);
    const urgent = untaken(this.#urgent);
    return urgent.length > 0 ? urgent : untaken(this.#rest);
  }
}

function batchOf(texts: string[], places: { call: Call; index: number }[]): Batch {
  return {
    texts,
    resolve(answers) {
      for (const [place, { call, index }] of places.entries()) {
        call.answers[index] = answers[place]!;
        if (++call.answered === call.texts.length) call.settle();
      }
    },
    reject(error) {
      for (const { call } of places) call.settle(error);
    },
  };
}
