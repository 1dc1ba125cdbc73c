import { readFileSync } from 'node:fs';
import { Encoder } from './encoder.ts';
import { readModelFile } from './modelFile.ts';
import { hasLetters, prepare } from './prepare.ts';
import { type Tokens, Tokenizer } from './tokenizer.ts';

/** Of a script the model was not taught it knows hardly a letter; a name or an emoji among known words is no harm. */
const UNKNOWN_MOST = 0.4;
/** Of a language it was not taught it knows letters, and no words: its own languages have 2.8 to 4.5 letters in a piece at the median, 2 at least, Greek and Hebrew 1.1. */
const LETTERS_IN_PIECE_LEAST = 1.6;

export type Understand = (texts: readonly string[]) => (Float32Array | null)[];

/** Loads the model; what it answers makes of each text a vector of unit length, or null where it understands nothing. Throws ModelDamaged. */
export function loadModel(files: { model: string; kernel: string }): Understand {
  const model = readModelFile(files.model);
  const tokenizer = new Tokenizer(model);
  const encoder = new Encoder(model, readFileSync(files.kernel));

  return (texts) => {
    const tokens = texts.map((text) => (hasLetters(text) ? tokenizer.tokenize(prepare(text)) : undefined));
    const understood = tokens.filter((known) => known && isUnderstood(known));
    const vectors = encoder.encode(understood.map((known) => known!.ids)).values();
    return tokens.map((known) => (known && isUnderstood(known) ? vectors.next().value! : null));
  };
}

const isUnderstood = ({ unknownShare, lettersInPiece = Infinity }: Tokens) =>
  unknownShare <= UNKNOWN_MOST && lettersInPiece >= LETTERS_IN_PIECE_LEAST;
