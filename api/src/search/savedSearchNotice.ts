import type { ListingDocument } from '@kith/search';

const titles: Record<string, (name: string) => string> = {
  en: (name) => `New for your search “${name}”`,
  ru: (name) => `Новое по вашему поиску «${name}»`,
  de: (name) => `Neu zu Ihrer Suche „${name}“`,
  es: (name) => `Novedad en su búsqueda «${name}»`,
  fr: (name) => `Nouveau pour votre recherche « ${name} »`,
};

/** What a member is told of a listing that fits a search they keep; the key makes it once for the two. */
export function toldOf(
  { id, memberId, name, member }: { id: string; memberId: string; name: string; member: { locale: string } },
  { listingId, title }: ListingDocument,
) {
  const words = titles[member.locale.split('-')[0]!] ?? titles.en!;
  return {
    memberId,
    kind: 'saved-search.found',
    key: `saved-search:${id}:${listingId}`,
    title: words(name),
    body: title,
    subject: { type: 'Listing', id: listingId },
  };
}
