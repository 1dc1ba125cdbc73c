import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unit } from '../categories/linear.ts';
import { wordingOf } from '../categories/wording.ts';
import { projectFile } from '../projectFile.ts';
import { openEmbedder } from '../embedder.ts';
import {
  addLanguages,
  affinity,
  centreOf,
  defaultServices,
  deserializeServices,
  parseServices,
  serializeServices,
  servicesOf,
  sharedService,
} from './index.ts';

/** Who is in need says one thing and who provides another: here each on an axis of its own. */
const axis = (...axes: number[]) => unit(Array.from({ length: 8 }, (_, index) => (axes.includes(index) ? 1 : 0)));
const groups = [0, 1, 2, 3].map((thing) => [axis(thing), axis(thing, thing + 4), axis(thing + 4)]);
const model = {
  names: ['plumber', 'barber', 'beekeeper', 'gardener'],
  wording: wordingOf(groups),
  centres: Float32Array.from(groups.flatMap(([want, , offer]) => [...centreOf([want!], [offer!])])),
};

test('a need and its provider, which say nothing alike, meet in the service both are about', () => {
  const of = servicesOf(model);
  const [want, offer, other] = [of(axis(1)), of(axis(5)), of(axis(6))];
  expect(affinity(want, offer)).toBeGreaterThan(10 * affinity(want, other));
  expect(model.names[sharedService(want, offer)!.place]).toBe('barber');
});

test('affinity is symmetric, and whole for a text with itself', () => {
  const of = servicesOf(model);
  const [one, other] = [of(axis(0, 2)), of(axis(3))];
  expect(affinity(one, one)).toBeCloseTo(1, 5);
  expect(affinity(one, other)).toBeCloseTo(affinity(other, one), 6);
  expect(sharedService(one, { places: new Uint16Array(), amplitudes: new Float32Array() })).toBeUndefined();
});

test('what is written is read again, and what is cut off or of another form is refused', () => {
  const bytes = serializeServices({ ...model, embedder: 'e' });
  const read = deserializeServices(bytes);
  expect([read.embedder, read.names]).toEqual(['e', model.names]);
  read.centres.forEach((value, index) => expect(value).toBeCloseTo(model.centres[index]!, 2));
  expect(() => deserializeServices(bytes.subarray(0, bytes.length - 1))).toThrow('ends too early');
  const other = Buffer.from(bytes);
  other.write('x', other.indexOf('kith-services'));
  expect(() => deserializeServices(other)).toThrow('another form');
});

test('a line of the bank is a name, requests, problems and offers; another is refused', () => {
  const bank = parseServices('plumber | fix a pipe ; need a plumber | it drips | pipes repaired\n');
  addLanguages(bank, 'plumber\tкран течёт | Сантехник\tes tropft | Klempner\n');
  expect(bank).toEqual([
    {
      name: 'plumber',
      wants: ['fix a pipe', 'need a plumber', 'it drips', 'кран течёт', 'es tropft'],
      offers: ['pipes repaired', 'plumber', 'Сантехник', 'Klempner'],
    },
  ]);
  expect(() => parseServices('plumber | fix a pipe')).toThrow('name | requests');
  expect(() => addLanguages(bank, 'barber\ta | b')).toThrow('"barber"');
  expect(() => addLanguages(bank, 'plumber\ta')).toThrow('"a" of "plumber"');
});

test('what ships is made of the texts beside it, and knows in other languages and words what they say', async () => {
  const folder = projectFile('search/model/services')!;
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  const bank = files.sort().flatMap((name) => parseServices(readFileSync(`${folder}/${name}`, 'utf8')));
  addLanguages(bank, readFileSync(`${folder}/languages.tsv`, 'utf8'));
  const shipped = defaultServices()!;
  expect(shipped.names).toEqual(bank.map(({ name }) => name));
  expect(new Set(shipped.names).size).toBe(shipped.names.length);
  const embedder = openEmbedder({ kind: 'embedded' });
  try {
    expect(shipped.embedder).toBe(embedder.model);
    const [want, offer] = (await embedder.embed(['Мой ноутбук постоянно зависает', 'Ich repariere Computer'])).map(
      (vector) => servicesOf(shipped)(vector!),
    );
    expect(shipped.names[sharedService(want!, offer!)!.place]).toMatch(/computer|laptop/);
  } finally {
    await embedder.close();
  }
});
