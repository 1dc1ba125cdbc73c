import { stringify } from 'csv-stringify/sync';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { withCommunity } from '@kith/db';
import type { Config } from '../config.ts';
import { prisma } from '../db.ts';
import { badInput, forbidden, notFound, unauthenticated } from '../errors.ts';
import { contextOf } from '../graphql.ts';
import { fromMinor } from '../money.ts';
import { myAccounts } from './operators.ts';
import { cursorOf, statementPage, type StatementLine } from './statement.ts';
import { accountsSeenBy } from './visibility.ts';

const PAGE = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const COLUMNS = [
  ...['posted_at', 'kind', 'counterparty', 'memo', 'amount', 'balance_after', 'currency', 'entry_id', 'broker'],
];

/**
 * Serves `GET /exports/statement.csv`, newest first: of the viewer's own account, or with `?account=<id>` of another they may look at;
 * `from` and `to` bound the period, `?bom=1` begins with a byte order mark, for spreadsheet programs.
 */
export async function statementFile(request: IncomingMessage, response: ServerResponse, config: Config): Promise<void> {
  const { searchParams } = new URL(request.url ?? '/', 'http://kith');
  if (request.method !== 'GET') throw notFound('export address');
  const { viewer, member } = await contextOf(request, config);
  if (!viewer) throw unauthenticated();
  if (member?.state !== 'ACTIVE') throw forbidden('statements');
  const { communityId } = member;
  const within = <T>(work: () => Promise<T>) => withCommunity(communityId, work);
  const named = searchParams.get('account');
  const id = named === null ? (await within(() => myAccounts(member)))[0]! : accountIdIn(named);
  const account =
    UUID.test(id) && (await within(() => prisma.account.findFirst({ where: { ...accountsSeenBy(member), id } })));
  if (!account) throw notFound('account');
  const filter = { from: momentOf(searchParams, 'from'), to: momentOf(searchParams, 'to') };
  const pageAfter = (after: string | null) =>
    within(async () => {
      const lines = await statementPage(account, { after, most: PAGE, filter });
      return { lines, names: await namesOf(communityId, lines) };
    });

  let { lines, names } = await pageAfter(null);
  response.writeHead(200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="statement.csv"',
    'cache-control': 'no-store',
  });
  if (searchParams.get('bom') === '1') response.write('\uFEFF');
  response.write(stringify([COLUMNS], { record_delimiter: '\r\n' }));
  while (lines.length && !response.destroyed) {
    const text = stringify(
      lines.map((line) => rowOf(line, account, names)),
      { record_delimiter: '\r\n' },
    );
    if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    if (lines.length < PAGE) break;
    ({ lines, names } = await pageAfter(cursorOf(lines.at(-1)!)));
  }
  response.end();
}

/** The id of an account as the API writes it, or its UUID. */
const accountIdIn = (text: string): string =>
  UUID.test(text) ? text : (/^Account:(.*)$/.exec(Buffer.from(text, 'base64').toString())?.[1] ?? '');

function rowOf(line: StatementLine, account: { currencyCode: string; scale: number }, names: Map<string, string>) {
  const { postedAt, kind, counterpartyId, brokerId, memo, amount, balanceAfter, entryId } = line;
  return [
    ...[postedAt.toISOString(), kind, guarded(names.get(counterpartyId ?? '') ?? ''), guarded(memo)],
    ...[fromMinor(amount, account.scale), fromMinor(balanceAfter, account.scale), account.currencyCode, entryId],
    guarded(names.get(brokerId ?? '') ?? ''),
  ];
}

/** A spreadsheet program would compute what begins like a formula. */
const guarded = (cell: string) => (/^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) ? `'${cell}` : cell);

async function namesOf(communityId: string, lines: StatementLine[]): Promise<Map<string, string>> {
  const ids = [
    ...new Set(lines.flatMap(({ counterpartyId, brokerId }) => [counterpartyId ?? [], brokerId ?? []].flat())),
  ];
  const members = await prisma.member.findMany({
    where: { communityId, id: { in: ids } },
    select: { id: true, displayName: true },
    take: ids.length,
  });
  return new Map(members.map(({ id, displayName }) => [id, displayName]));
}

function momentOf(values: URLSearchParams, name: string): Date | undefined {
  const text = values.get(name);
  if (text === null) return undefined;
  const moment = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(moment.getTime()))
    throw badInput(`${name} takes a moment such as 2026-01-31T00:00:00Z.`, name);
  return moment;
}
