import { characterLength, Normalizer } from './normalizer.ts';
import { type ModelFile } from './modelFile.ts';

const UNKNOWN = 0;
const BEGIN = 1;
const END = 2;
/** What an unknown character costs beside the rarest piece, as SentencePiece has it. */
const UNKNOWN_PENALTY = 10;

export type Tokens = {
  /** Numbers of pieces, with those for the beginning and the end of the text. */
  ids: Int32Array;
  /** 0…1: the share of the text's characters, spaces left out, that belong to no known piece. */
  unknownShare: number;
  /** How long a piece is on average, where letters stand for sounds (scripts of one or two bytes a letter); undefined without such. */
  lettersInPiece: number | undefined;
};

/** SentencePiece, unigram: of all ways to cut a text into known pieces, the likeliest. */
export class Tokenizer {
  readonly #normalizer: Normalizer;
  readonly #scores: Float32Array;
  readonly #unknownScore: number;
  readonly #pieces: PieceTree;
  readonly #encoder = new TextEncoder();

  constructor(model: ModelFile) {
    this.#normalizer = new Normalizer(model.bytes('charsmap'));
    this.#scores = model.numbers('scores');
    this.#unknownScore = this.#scores.reduce((least, score) => Math.min(least, score)) - UNKNOWN_PENALTY;
    this.#pieces = new PieceTree(model.bytes('pieces'));
  }

  tokenize(text: string): Tokens {
    const bytes = this.#normalizer.normalize(this.#encoder.encode(text));
    if (bytes.length === 0)
      return { ids: Int32Array.of(BEGIN, UNKNOWN, END), unknownShare: 1, lettersInPiece: undefined };
    const { pieceTo, startOf } = this.#bestCut(bytes);
    const ids = [END];
    let [characters, unknown, letters, lettered] = [0, 0, 0, 0];
    for (let at = bytes.length; at > 0; at = startOf[at]!) {
      ids.push(pieceTo[at]!);
      const start = afterSpace(bytes, startOf[at]!);
      const length = charactersIn(bytes, start, at);
      characters += length;
      if (pieceTo[at] === UNKNOWN) unknown += length;
      if (start < at && isLetterOfAlphabet(bytes[start]!)) {
        letters += length;
        lettered++;
      }
    }
    ids.push(BEGIN);
    return {
      ids: Int32Array.from(ids.reverse()),
      unknownShare: unknown / Math.max(1, characters),
      lettersInPiece: lettered > 0 ? letters / lettered : undefined,
    };
  }

  /** For each place in the text the piece that the likeliest cut of all before it ends with, and where that piece starts. */
  #bestCut(bytes: Uint8Array): { pieceTo: Int32Array; startOf: Int32Array } {
    const best = new Float64Array(bytes.length + 1).fill(-Infinity);
    const pieceTo = new Int32Array(bytes.length + 1);
    const startOf = new Int32Array(bytes.length + 1);
    best[0] = 0;
    const offer = (piece: number, from: number, to: number, score: number) => {
      if (score <= best[to]!) return;
      best[to] = score;
      pieceTo[to] = piece;
      startOf[to] = from;
    };
    for (let from = 0, next = 0; from < bytes.length; from = next) {
      next = Math.min(bytes.length, from + characterLength(bytes[from]!));
      let isKnown = false;
      let node = 0;
      for (let to = from + 1; to <= bytes.length; to++) {
        node = this.#pieces.child(node, bytes[to - 1]!);
        if (node < 0) break;
        const piece = this.#pieces.pieceAt(node);
        if (piece < 0) continue;
        offer(piece, from, to, best[from]! + this.#scores[piece]!);
        if (to === next) isKnown = true;
      }
      if (!isKnown) offer(UNKNOWN, from, next, best[from]! + this.#unknownScore);
    }
    return { pieceTo, startOf };
  }
}

function charactersIn(bytes: Uint8Array, from: number, to: number): number {
  let characters = 0;
  for (let at = from; at < to; at++) if ((bytes[at]! & 0xc0) !== 0x80) characters++;
  return characters;
}

/** Behind the mark that stands for a space. */
const afterSpace = (bytes: Uint8Array, at: number) =>
  bytes[at] === 0xe2 && bytes[at + 1] === 0x96 && bytes[at + 2] === 0x81 ? at + 3 : at;

/** By the first byte in UTF-8: Latin, Greek, Cyrillic, Hebrew, Arabic and what lies between. */
const isLetterOfAlphabet = (byte: number) =>
  (byte > 0x40 && byte < 0x5b) || (byte > 0x60 && byte < 0x7b) || (byte > 0xc2 && byte < 0xe0);

/** The pieces as a tree over their bytes, in one hash table of (node, byte) → node: small, and built in a moment. */
class PieceTree {
  readonly #mask: number;
  /** node · 256 + byte + 1; 0 is free. */
  readonly #keys: Int32Array;
  readonly #children: Int32Array;
  readonly #pieces: Int32Array;

  /** Each piece in UTF-8 ends with a zero byte; its number is its place. */
  constructor(pieces: Uint8Array) {
    const size = 2 ** Math.ceil(Math.log2(pieces.length * 1.2));
    this.#mask = size - 1;
    this.#keys = new Int32Array(size);
    this.#children = new Int32Array(size);
    const pieceAt = new Int32Array(pieces.length + 1).fill(-1);
    let [node, nodes, piece] = [0, 1, 0];
    for (const byte of pieces) {
      if (byte === 0) {
        pieceAt[node] = piece++;
        node = 0;
        continue;
      }
      const slot = this.#slot(node, byte);
      if (this.#keys[slot] === 0) {
        this.#keys[slot] = node * 256 + byte + 1;
        this.#children[slot] = nodes++;
      }
      node = this.#children[slot]!;
    }
    this.#pieces = pieceAt.slice(0, nodes);
  }

  /** Below 0: no piece goes on like that. */
  child(node: number, byte: number): number {
    const slot = this.#slot(node, byte);
    return this.#keys[slot] === 0 ? -1 : this.#children[slot]!;
  }

  /** The piece that ends at a node; below 0: none. */
  pieceAt(node: number): number {
    return this.#pieces[node]!;
  }

  #slot(node: number, byte: number): number {
    const key = node * 256 + byte + 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 8) & this.#mask;
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & this.#mask;
    return slot;
  }
}
