import { stringify } from 'csv-stringify/sync';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { withCommunity, type ImportKind } from '@kith/db';
import { audit } from '../communities/audit.ts';
import { can } from '../communities/capabilities.ts';
import type { Config } from '../config.ts';
import { inCommunity, prisma } from '../db.ts';
import { forbidden, notFound, unauthenticated } from '../errors.ts';
import { contextOf } from '../graphql.ts';
import { globalScale } from '../listings/globalCurrency.ts';
import { fromMinor } from '../money.ts';
import { columns, guarded, type Row } from './columns.ts';
import { exportId, listCell } from './cells.ts';

const PAGE = 500;

/** Serves `GET /exports/listings.csv` and `/exports/members.csv`, in the columns an import reads; `?bom=1` begins with a byte order mark, for spreadsheet programs. */
export async function exports(request: IncomingMessage, response: ServerResponse, config: Config): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://kith');
  const name = /^\/exports\/(listings|members)\.csv$/.exec(pathname)?.[1];
  if (!name || request.method !== 'GET') throw notFound('export address');
  const { viewer, member } = await contextOf(request, config);
  if (!viewer) throw unauthenticated();
  if (member?.state !== 'ACTIVE' || !can(member.roles, 'exportRun')) throw forbidden('exports');
  const { communityId } = member;
  const kind: ImportKind = name === 'listings' ? 'LISTINGS' : 'MEMBERS';
  await inCommunity(member, (tx) =>
    audit(tx, member, { action: `export.${name}`, subjectType: 'Community', subjectId: communityId }),
  );
  const { slug } = await withCommunity(communityId, () =>
    prisma.community.findUniqueOrThrow({ where: { id: communityId }, select: { slug: true } }),
  );
  response.writeHead(200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${slug}-${name}.csv"`,
    'cache-control': 'no-store',
  });
  if (searchParams.get('bom') === '1') response.write('\uFEFF');
  for await (const text of withoutLeaving(communityId, exportLines(communityId, kind))) {
    if (response.destroyed) return;
    if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}

/** A generator loses its community between two pages: each step puts it on again. */
async function* withoutLeaving<T>(communityId: string, pages: AsyncGenerator<T>): AsyncGenerator<T> {
  for (;;) {
    const { value, done } = await withCommunity(communityId, () => pages.next());
    if (done) return;
    yield value;
  }
}

/** The file in pieces: the first line, then a page of rows at a time. */
export async function* exportLines(communityId: string, kind: ImportKind): AsyncGenerator<string> {
  const names = columns[kind].map(({ name }) => name);
  const lines = (rows: Row[]) =>
    stringify(
      rows.map((row) => names.map((name) => guarded(row[name] ?? ''))),
      { record_delimiter: '\r\n' },
    );
  yield stringify([names], { record_delimiter: '\r\n' });
  const page = kind === 'LISTINGS' ? await listingPages(communityId) : memberPage;
  for (let after: string | undefined; ;) {
    const rows = await page(communityId, after);
    if (rows.length) yield lines(rows.map(({ row }) => row));
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}

const paged = (communityId: string, after: string | undefined) => ({
  where: { communityId, ...(after !== undefined && { id: { gt: after } }) },
  orderBy: { id: 'asc' as const },
  take: PAGE,
});

async function listingPages(communityId: string) {
  const { currencyScale } = await prisma.community.findUniqueOrThrow({
    where: { id: communityId },
    select: { currencyScale: true },
  });
  const categories = await prisma.category.findMany({ where: { communityId }, select: { id: true, key: true } });
  const keys = new Map(categories.map(({ id, key }) => [id, key]));
  return async (_communityId: string, after: string | undefined) => {
    const listings = await prisma.listing.findMany({
      ...paged(communityId, after),
      include: {
        categories: { select: { categoryId: true }, orderBy: { categoryId: 'asc' } },
        member: { select: { id: true, externalId: true } },
      },
    });
    return listings.map((listing) => ({ id: listing.id, row: listingRow(listing, { keys, currencyScale }) }));
  };
}

type Listing = NonNullable<Awaited<ReturnType<typeof prisma.listing.findFirst>>> & {
  categories: { categoryId: string }[];
  member: { id: string; externalId: string | null };
};
function listingRow(
  listing: Listing,
  { keys, currencyScale }: { keys: Map<string, string>; currencyScale: number },
): Row {
  const amount = (minor: bigint | null, scale = currencyScale) => (minor === null ? '' : fromMinor(minor, scale));
  const further = listing.categories.filter(({ categoryId }) => categoryId !== listing.categoryId);
  return {
    external_id: exportId(listing),
    kind: listing.kind.toLowerCase(),
    title: listing.title,
    description: listing.description,
    category: keys.get(listing.categoryId ?? '') ?? '',
    labels: further.flatMap(({ categoryId }) => keys.get(categoryId) ?? []).join('|'),
    tags: listCell(listing.tags),
    terms: listing.terms.toLowerCase(),
    price: amount(listing.price),
    price_to: amount(listing.priceTo),
    global_price: amount(listing.globalPrice, globalScale(listing.globalCurrency ?? '')),
    global_currency: listing.globalCurrency ?? '',
    unit: listing.unit,
    quantity: text(listing.quantity),
    language: listing.language,
    member: exportId(listing.member),
    latitude: text(listing.latitude),
    longitude: text(listing.longitude),
    radius_km: text(listing.radiusKm),
    remote: listing.remote ? 'yes' : 'no',
    availability: listing.availability.join('|').toLowerCase(),
    availability_note: listing.availabilityNote,
    photo_urls: listCell(listing.photoUrls),
    expires_at: listing.expiresAt?.toISOString() ?? '',
    state: listing.state.toLowerCase(),
  };
}

async function memberPage(communityId: string, after: string | undefined) {
  const page = paged(communityId, after);
  const members = await prisma.member.findMany({ ...page, where: { ...page.where, erasedAt: null } });
  return members.map((member) => ({
    id: member.id,
    row: {
      external_id: exportId(member),
      name: member.displayName,
      email: member.contactEmail ?? '',
      phone: member.phone ?? '',
      bio: member.bio,
      roles: member.roles.join('|').toLowerCase(),
      state: member.state.toLowerCase(),
      latitude: text(member.latitude),
      longitude: text(member.longitude),
      locale: member.locale,
    },
  }));
}

const text = (number: number | null) => (number === null ? '' : String(number));
