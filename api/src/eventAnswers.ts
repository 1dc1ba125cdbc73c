import { execute, getOperationAST, Kind, visit, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { setTimeout as sleep } from 'node:timers/promises';
import { NO_COMMUNITY, withCommunity } from '@kith/db';
import type { Context } from './context.ts';
import { pool } from './db.ts';
import { positionOf, type KithEvent, type Position } from './events.ts';
import { formatError } from './graphql.ts';
import type { EventSource } from './subscriptions.ts';

/** What a subscription says to one event; one for all sockets of equal subscriptions, which may share its bytes too. */
export interface Answer {
  /** The event's. */
  position: Position;
  text: string;
  framed?: { operationId: string; bytes: Buffer };
}

const ANSWER_WITHIN_MS = 30_000;
const ATTEMPTS = 3;

/**
 * Executes the selection of a subscription for one event. When it fails because the database is out, it waits for the database:
 * an event must not be lost to an outage. When it fails while the database answers, the client is told so, masked.
 */
export async function answerTo(event: KithEvent, args: ExecutionArgs): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const { errors, ...rest } = await within(ANSWER_WITHIN_MS, executeOnce(event, args));
    const { requestId } = args.contextValue as Context;
    const told = errors?.map((error) => formatError(error.toJSON(), error, requestId));
    if (attempt === ATTEMPTS || !told?.some(({ extensions }) => extensions?.code === 'INTERNAL'))
      return { position: positionOf(event.id), text: JSON.stringify(told ? { ...rest, errors: told } : rest) };
    await databaseAnswers();
  }
}

function executeOnce(event: KithEvent, args: ExecutionArgs): Promise<ExecutionResult> {
  const context = args.contextValue as Context;
  // A context of its own: what the auth plugin and the loaders remember is for one execution.
  return withCommunity(context.communityId ?? NO_COMMUNITY, async () =>
    execute({ ...args, rootValue: event, contextValue: { ...context } }),
  );
}

const OUTAGE_MOST_MS = 60_000;
async function databaseAnswers() {
  for (const deadline = Date.now() + OUTAGE_MOST_MS; ; await sleep(250)) {
    try {
      await withCommunity(NO_COMMUNITY, () => pool.query('select 1'));
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/**
 * What makes subscriptions equal: document, variables, source and rights. A stream for the whole community runs with the rights
 * of the subscriber's roles and nobody's name, so that one execution may serve them all; a stream for one member runs as that member.
 */
export function equality(source: EventSource, args: ExecutionArgs): { key: string; args: ExecutionArgs } {
  const context = args.contextValue as Context;
  const roles = [...(context.member?.roles ?? [])].sort();
  const key = JSON.stringify([
    source.communityId,
    source.memberId ?? '',
    source.topics,
    args.document.loc?.source.body ?? '',
    args.operationName ?? '',
    variablesOf(args),
    roles,
  ]);
  return { key, args: source.memberId === undefined ? { ...args, contextValue: anyoneWith(roles, context) } : args };
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
function anyoneWith(
  roles: NonNullable<Context['member']>['roles'],
  { requestId, communityId, member }: Context,
): Context {
  const anyone = member && { ...member, memberId: NOBODY, userId: NOBODY, roles };
  return { requestId, address: '', userAgent: '', viewer: null, communityId, shared: true, member: anyone };
}

/** Where a client left off does not make its subscription another one, as long as `after` is all its variable is used for. */
function variablesOf({ document, operationName, variableValues }: ExecutionArgs): Record<string, unknown> {
  const variables = { ...variableValues };
  const field = getOperationAST(document, operationName)?.selectionSet.selections[0];
  if (field?.kind !== Kind.FIELD) return variables;
  const after = field.arguments?.find(({ name }) => name.value === 'after')?.value;
  if (after?.kind !== Kind.VARIABLE) return variables;
  let uses = 0;
  visit(document, { Variable: ({ name }) => void (uses += name.value === after.name.value ? 1 : 0) });
  // Once where it is declared, once here.
  if (uses === 2) delete variables[after.name.value];
  return variables;
}
