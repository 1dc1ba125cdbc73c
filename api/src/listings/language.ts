import { prisma } from '../db.ts';
import { searchIndex } from '../searchIndex.ts';
import type { Member } from '../context.ts';
import { primaryTag } from './content.ts';

/** Nobody waits for a language: without an answer it is the community's, and the author may say another. */
const WITHIN_MS = 1_000;

/** The language an author wrote in, who did not say it; undefined where it cannot be told, or not in time. */
export async function detectedLanguage(
  { communityId, userId }: Member,
  { title, description }: { title?: string | null; description?: string | null },
): Promise<string | undefined> {
  const [community, user] = await Promise.all([
    prisma.community.findFirst({ where: { id: communityId }, select: { locale: true } }),
    prisma.user.findFirst({ where: { id: userId }, select: { locale: true } }),
  ]);
  const likely = [community, user].flatMap((who) => (who ? [primaryTag(who.locale)] : []));
  const [language] = await languagesOf([`${title ?? ''}\n${description ?? ''}`], likely);
  return language;
}

/** The language of each text; where several are alike, the first of the likely ones. */
export async function languagesOf(texts: readonly string[], likely: string[]): Promise<(string | undefined)[]> {
  let timer: NodeJS.Timeout | undefined;
  const none = texts.map(() => undefined);
  const late = new Promise<undefined[]>((resolve) => (timer = setTimeout(() => resolve(none), WITHIN_MS)));
  const found = searchIndex.meaning.languagesOf(texts, likely).catch(() => none);
  return Promise.race([found, late]).finally(() => clearTimeout(timer));
}
