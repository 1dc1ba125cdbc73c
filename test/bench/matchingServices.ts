import { writeFileSync } from 'node:fs';
import { categories, openEmbedder, services } from '@kith/search';
import { vectorsOf } from './matchingUnderstanding.ts';

// Makes search/model/services.bin anew, of the texts in search/model/services.
const [from = 'search/model/services', into = 'search/model/services.bin'] = process.argv.slice(2);

const bank = services.readBank(from);
const vectors = await vectorsOf(bank.flatMap(({ wants, offers }) => [...wants, ...offers]));
const understood = (texts: readonly string[]) => texts.flatMap((text) => vectors.get(text) ?? []);
const wording = categories.wordingOf(bank.map(({ wants, offers }) => understood([...wants, ...offers])));
const sense = services.withoutWording(wording);
const centres = bank.map(({ wants, offers }) =>
  services.centresOf(understood(wants).map(sense), understood(offers).map(sense)),
);
const all = (kind: services.Kind) => Float32Array.from(centres.flatMap((each) => [...each[kind]]));
const embedder = openEmbedder({ kind: 'embedded' });
writeFileSync(
  into,
  services.serializeServices({
    embedder: embedder.model,
    names: bank.map(({ name }) => name),
    wording,
    centres: { WANT: all('WANT'), OFFER: all('OFFER') },
  }),
);
await embedder.close();
console.log(`${into}: ${bank.length} services, ${vectors.size} texts`);
