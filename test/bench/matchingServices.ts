import { writeFileSync } from 'node:fs';
import { categories, openEmbedder, services } from '@kith/search';
import { toldApart } from './matchingServicesTraining.ts';
import { vectorsOf } from './matchingUnderstanding.ts';

// Makes search/model/services.bin anew, of the texts in search/model/services. Takes a few minutes.
const [from = 'search/model/services', into = 'search/model/services.bin'] = process.argv.slice(2);

const bank = services.readBank(from);
const vectors = await vectorsOf(bank.flatMap(({ wants, offers }) => [...wants, ...offers]));
const understood = (texts: readonly string[]) => texts.flatMap((text) => vectors.get(text) ?? []);
const wording = categories.wordingOf(bank.map(({ wants, offers }) => understood([...wants, ...offers])));
const sense = services.withoutWording(wording);
const texts = bank.map(({ wants, offers }) => ({
  WANT: understood(wants).map(sense),
  OFFER: understood(offers).map(sense),
}));
const middles = texts.map(({ WANT, OFFER }) => services.middlesOf(WANT, OFFER));
const begun = (kind: services.Kind) => Float32Array.from(middles.flatMap((each) => [...each[kind]]));
const examples = texts.flatMap((own, service) =>
  (['WANT', 'OFFER'] as const).flatMap((kind) => own[kind].map((sense) => ({ sense, kind, service }))),
);
const { moves, levels } = toldApart(examples, { WANT: begun('WANT'), OFFER: begun('OFFER') });
const moved = (kind: services.Kind) => begun(kind).map((value, index) => value + moves[index]!);
const embedder = openEmbedder({ kind: 'embedded' });
writeFileSync(
  into,
  services.serializeServices({
    embedder: embedder.model,
    names: bank.map(({ name }) => name),
    wording,
    directions: { WANT: moved('WANT'), OFFER: moved('OFFER') },
    levels,
  }),
);
await embedder.close();
console.log(`${into}: ${bank.length} services, ${vectors.size} texts`);
