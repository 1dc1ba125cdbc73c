import { type ListingDocument } from './engine.ts';

/** What goes to the outside engine in one task: it works on large tasks far faster, and a body has a limit (100 MB there). */
const DOCUMENTS_MOST = 4_000;
const BYTES_MOST = 16_000_000;

// Texts come with their stems, in up to four bytes a character; everything else is short.
const bytesOf = ({ title, description }: ListingDocument) => 2_000 + 6 * (title.length + description.length);

/** The same documents in bundles of a bounded number and size. */
export async function* bundles(
  batches: AsyncIterable<readonly ListingDocument[]> | Iterable<readonly ListingDocument[]>,
  { documentsMost = DOCUMENTS_MOST, bytesMost = BYTES_MOST } = {},
): AsyncGenerator<ListingDocument[]> {
  let bundle: ListingDocument[] = [];
  let bytes = 0;
  for await (const batch of batches)
    for (const document of batch) {
      const more = bytesOf(document);
      if (bundle.length && (bundle.length >= documentsMost || bytes + more > bytesMost)) {
        yield bundle;
        [bundle, bytes] = [[], 0];
      }
      bundle.push(document);
      bytes += more;
    }
  if (bundle.length) yield bundle;
}
