const SPACE = 0x20;
/** SentencePiece writes a space as ▁ (U+2581). */
const WORD_START = [0xe2, 0x96, 0x81];

/**
 * SentencePiece's normalizer: each stretch of the text that the model's table knows (the longest first) becomes what the table says,
 * mostly NFKC; spaces become ▁, one between words and one before the first.
 * The table is a double-array trie (darts-clone) over UTF-8, followed by the replacements, each ended by a zero byte.
 */
export class Normalizer {
  readonly #units: Uint32Array;
  readonly #replacements: Uint8Array;

  constructor(charsmap: Uint8Array) {
    const view = new DataView(charsmap.buffer, charsmap.byteOffset, charsmap.byteLength);
    const size = view.getUint32(0, true);
    this.#units = Uint32Array.from({ length: size / 4 }, (_, index) => view.getUint32(4 + index * 4, true));
    this.#replacements = charsmap.subarray(4 + size);
  }

  /** UTF-8 in, UTF-8 out. */
  normalize(text: Uint8Array): Uint8Array {
    const out: number[] = [];
    let isAfterSpace = true;
    for (let at = 0; at < text.length;) {
      const { bytes, from, to, length } = this.#next(text, at);
      at += length;
      let start = from;
      if (isAfterSpace) while (start < to && bytes[start] === SPACE) start++;
      if (start === to) continue;
      if (out.length === 0) out.push(...WORD_START);
      for (let index = start; index < to; index++) {
        if (bytes[index] === SPACE) out.push(...WORD_START);
        else out.push(bytes[index]!);
      }
      isAfterSpace = bytes[to - 1] === SPACE;
    }
    while (endsWithWordStart(out)) out.length -= WORD_START.length;
    return Uint8Array.from(out);
  }

  /** What stands at a place becomes bytes[from…to), and was `length` bytes long. */
  #next(text: Uint8Array, start: number): { bytes: Uint8Array; from: number; to: number; length: number } {
    const units = this.#units;
    let node = offset(units[0]!);
    let length = 0;
    let value = 0;
    for (let at = start; at < text.length; at++) {
      node ^= text[at]!;
      const unit = units[node]!;
      if ((unit & 0x800000ff) >>> 0 !== text[at]) break;
      node ^= offset(unit);
      if (unit & 0x100) {
        length = at + 1 - start;
        value = units[node]! & 0x7fffffff;
      }
    }
    if (length === 0) {
      const whole = characterLength(text[start]!);
      return { bytes: text, from: start, to: start + whole, length: whole };
    }
    return { bytes: this.#replacements, from: value, to: this.#replacements.indexOf(0, value), length };
  }
}

const offset = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6);

/** How many bytes of UTF-8 a character has, by its first. */
export const characterLength = (first: number) => (first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);

const endsWithWordStart = (bytes: number[]) =>
  WORD_START.every((byte, index) => bytes[bytes.length - WORD_START.length + index] === byte);
