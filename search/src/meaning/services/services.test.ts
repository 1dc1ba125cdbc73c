import { expect, test } from 'vitest';
import { unit } from '../categories/linear.ts';
import { wordingOf } from '../categories/wording.ts';
import { projectFile } from '../projectFile.ts';
import { openEmbedder } from '../embedder.ts';
import {
  addWordings,
  affinitiesWith,
  affinity,
  defaultServices,
  deserializeServices,
  middlesOf,
  parseServices,
  readBank,
  serializeServices,
  servicesOf,
  sharedService,
} from './index.ts';

/** Who is in need says one thing and who provides another: here each on an axis of its own. */
const axis = (...axes: number[]) => unit(Array.from({ length: 8 }, (_, index) => (axes.includes(index) ? 1 : 0)));
const groups = [0, 1, 2, 3].map((thing) => [axis(thing), axis(thing, thing + 4), axis(thing + 4)]);
const middles = groups.map(([want, , offer]) => middlesOf([want!], [offer!]));
const all = (kind: 'WANT' | 'OFFER') => Float32Array.from(middles.flatMap((each) => [...each[kind]]));
const model = {
  names: ['plumber', 'barber', 'beekeeper', 'gardener'],
  wording: wordingOf(groups),
  directions: { WANT: all('WANT'), OFFER: all('OFFER') },
  levels: Float32Array.of(0, 0.5, 0, 0),
};

test('a need and its provider, which say nothing alike, meet in the service both are about', () => {
  const of = servicesOf(model);
  const [want, offer, other] = [of(axis(1), 'WANT'), of(axis(5), 'OFFER'), of(axis(6), 'OFFER')];
  expect(affinity(want, offer)).toBeGreaterThan(10 * affinity(want, other));
  expect(model.names[sharedService(want, offer)!.place]).toBe('barber');
  expect(affinitiesWith(want)(offer)).toBeCloseTo(affinity(want, offer), 6);
});

test('affinity is symmetric, and whole for a text with itself', () => {
  const of = servicesOf(model);
  const [one, other] = [of(axis(0, 2), 'WANT'), of(axis(3), 'OFFER')];
  expect(affinity(one, one)).toBeCloseTo(1, 5);
  expect(affinity(one, other)).toBeCloseTo(affinity(other, one), 6);
  expect(sharedService(one, { places: new Uint16Array(), amplitudes: new Float32Array() })).toBeUndefined();
});

test('what is written is read again, and what is cut off or of another form is refused', () => {
  const bytes = serializeServices({ ...model, embedder: 'e' });
  const read = deserializeServices(bytes);
  expect([read.embedder, read.names]).toEqual(['e', model.names]);
  for (const kind of ['WANT', 'OFFER'] as const)
    read.directions[kind].forEach((value, index) =>
      expect(value / 40).toBeCloseTo(model.directions[kind][index]! / 40, 2),
    );
  expect(read.levels).toEqual(model.levels);
  expect(() => deserializeServices(bytes.subarray(0, bytes.length - 1))).toThrow('ends too early');
  const other = Buffer.from(bytes);
  other.write('x', other.indexOf('kith-services'));
  expect(() => deserializeServices(other)).toThrow('another form');
});

test('a line of the bank is a name, requests, problems and offers; another is refused', () => {
  const bank = parseServices('plumber | fix a pipe ; need a plumber | it drips | pipes repaired\n');
  addWordings(
    bank,
    'plumber | нужен сантехник | кран течёт | Сантехник\nplumber | Klempner gesucht | es tropft | Klempner ;',
  );
  expect(bank).toEqual([
    {
      name: 'plumber',
      wants: [
        ...['fix a pipe', 'need a plumber', 'it drips'],
        ...['нужен сантехник', 'кран течёт', 'Klempner gesucht', 'es tropft'],
      ],
      offers: ['pipes repaired', 'plumber', 'Сантехник', 'Klempner'],
    },
  ]);
  expect(() => parseServices('plumber | fix a pipe')).toThrow('name | requests');
  expect(() => addWordings(bank, 'barber | a | b | c')).toThrow('"barber"');
});

test('what ships is made of the texts beside it, and knows in other languages and words what they say', async () => {
  const bank = readBank(projectFile('search/model/services')!);
  const shipped = defaultServices()!;
  expect(shipped.names).toEqual(bank.map(({ name }) => name));
  expect(new Set(shipped.names).size).toBe(shipped.names.length);
  const embedder = openEmbedder({ kind: 'embedded' });
  try {
    expect(shipped.embedder).toBe(embedder.model);
    const [need, provider] = await embedder.embed(['Мой ноутбук постоянно зависает', 'Ich repariere Computer']);
    const of = servicesOf(shipped);
    const [want, offer] = [of(need!, 'WANT'), of(provider!, 'OFFER')];
    expect(shipped.names[sharedService(want, offer)!.place]).toMatch(/computer|laptop/);
  } finally {
    await embedder.close();
  }
});
