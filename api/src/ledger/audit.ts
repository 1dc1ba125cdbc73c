import { ownerPool } from '../db.ts';

export interface Difference {
  slug: string;
  rule: string;
  subject_id: string | null;
  expected: string;
  found: string;
}
const MOST = 1000;

/** Recomputes the ledger of one community, or of all, as the owner: what is stored against what was posted. Answers at most 1000 differences. */
export async function auditLedger(slug?: string) {
  const of = [slug ?? null];
  const { rows: counts } = await ownerPool.query(
    `with community as (select id from communities where $1::text is null or slug = $1)
     select (select count(*) from community)::int as communities,
            (select count(*) from journal_entries where community_id in (select id from community))::int as entries,
            (select count(*) from postings where community_id in (select id from community))::int as postings,
            (select count(*) from accounts where community_id in (select id from community) and kind in ('MEMBER', 'TREASURY')
              and balance - reserved + credit_limit < 0)::int as arrears`,
    of,
  );
  const { rows: differences } = await ownerPool.query<Difference>(
    `select c.slug, a.rule, a.subject_id, a.expected, a.found
     from communities c, lateral ledger.audit(c.id) a where $1::text is null or c.slug = $1 order by c.slug, a.rule limit ${MOST}`,
    of,
  );
  const [{ communities, entries, postings, arrears }] = counts as [
    { communities: number; entries: number; postings: number; arrears: number },
  ];
  return { communities, entries, postings, arrears, differences };
}
