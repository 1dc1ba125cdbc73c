import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Member } from '../context.ts';
import { outsideCommunities, prisma } from '../db.ts';
import { badInput, notFound } from '../errors.ts';
import { amountAbove0, localCurrencyOf } from '../ledger/currency.ts';
import { requireListing } from './payments.ts';

/**
 * What a QR code of a payee holds:
 *   kith:<community slug>/pay/<member id>?amount=12.50&memo=Bread&listing=<listing id>&sig=<base64url>
 * All of the query may be left out; the payer then says how much. `sig` is the first 16 bytes of HMAC-SHA256, under a key of the
 * community, over everything before it: with it nobody has changed the amount since the platform wrote it.
 */
export interface PaymentLink {
  payeeId: string;
  /** In units of the local currency. */
  amount: string | null;
  memo: string;
  listingId: string | null;
}
const LENGTH_MOST = 1000;
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const FORM = new RegExp(`^kith:([a-z0-9][a-z0-9-]{1,62})/pay/(${ID})(?:\\?(.*))?$`);

/** The viewer's own link, signed. */
export async function writeLink(
  { communityId, memberId }: Member,
  link: Omit<PaymentLink, 'payeeId'>,
): Promise<string> {
  const { amount, memo, listingId } = link;
  if (amount !== null) amountAbove0(amount, (await localCurrencyOf(communityId)).scale);
  if (listingId !== null) await requireListing(communityId, listingId);
  const query = new URLSearchParams({
    ...(amount !== null && { amount }),
    ...(memo && { memo }),
    ...(listingId && { listing: listingId }),
  });
  const text = `kith:${await slugOf(communityId)}/pay/${memberId}${query.size ? `?${query.toString().replaceAll('%40', '@')}` : ''}`;
  return `${text}${query.size ? '&' : '?'}sig=${await signatureOf(communityId, text)}`;
}

/** Reads a link of the viewer's community; rejects what is none, what is of another community, and a signature that does not hold. */
export async function readLink({ communityId }: Member, text: string): Promise<PaymentLink & { isSigned: boolean }> {
  const [, slug, payeeId, query = ''] = (text.length <= LENGTH_MOST && FORM.exec(text)) || [];
  if (!slug || !payeeId)
    throw badInput('This is no payment link: it begins with kith:<community>/pay/<member>.', 'uri');
  if (slug !== (await slugOf(communityId))) throw badInput('The payment link is of another community.', 'uri');
  const values = new URLSearchParams(query);
  const signature = values.get('sig');
  if (signature !== null) await requireSignature(communityId, text, signature);
  const amount = values.get('amount');
  if (amount !== null) amountAbove0(amount, (await localCurrencyOf(communityId)).scale);
  const listingId = values.get('listing');
  if (listingId !== null && !new RegExp(`^${ID}$`).test(listingId))
    throw badInput('The payment link names no listing that could be read.', 'uri');
  if (listingId !== null) await requireListing(communityId, listingId);
  const payee = await prisma.member.count({ where: { communityId, id: payeeId, state: 'ACTIVE' } });
  if (!payee) throw notFound('member');
  return { payeeId, amount, memo: (values.get('memo') ?? '').slice(0, 200), listingId, isSigned: signature !== null };
}

async function requireSignature(communityId: string, text: string, signature: string) {
  // What is signed is everything before it, so it stands last and once.
  const signed = /^(.*)[?&]sig=[\w-]+$/.exec(text)?.[1];
  const expected = Buffer.from(await signatureOf(communityId, signed ?? ''));
  const given = Buffer.from(signature);
  if (signed === undefined || given.length !== expected.length || !timingSafeEqual(given, expected))
    throw badInput('The payment link was changed after it was made: ask the payee to show it again.', 'uri');
}

const slugOf = async (communityId: string) =>
  (await prisma.community.findUniqueOrThrow({ where: { id: communityId }, select: { slug: true } })).slug;

const signatureOf = async (communityId: string, text: string) => {
  const ofCommunity = createHmac('sha256', await installationKey())
    .update(communityId)
    .digest();
  return createHmac('sha256', ofCommunity).update(text).digest().subarray(0, 16).toString('base64url');
};

const KEY = 'paymentLinkKey';
let key: Buffer | undefined;
/** Made once for an installation; from it follows a key for each community. */
async function installationKey(): Promise<Buffer> {
  key ??= Buffer.from(
    await outsideCommunities(async (tx) => {
      await tx.installation.createMany({
        data: [{ key: KEY, value: randomBytes(32).toString('base64') }],
        skipDuplicates: true,
      });
      return (await tx.installation.findUniqueOrThrow({ where: { key: KEY } })).value as string;
    }),
    'base64',
  );
  return key;
}
