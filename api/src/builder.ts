import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ValidationPlugin from '@pothos/plugin-validation';
import { getDatamodel, type PrismaTypes } from '@kith/db';
import { can, type Capability } from './communities/capabilities.ts';
import type { Context, Member, Viewer } from './context.ts';
import { prisma } from './db.ts';
import { Rejection, forbidden, notFound, unauthenticated } from './errors.ts';

export const PAGE_MOST = 100;
export const PAGE_STANDARD = 20;
/** Limits the complexity plugin judges by; set at start from the configuration. */
export const limits = { depth: 12, complexity: 5000 };

type MemberContext = Context & { viewer: Viewer; member: Member; communityId: string };

export const builder = new SchemaBuilder<{
  PrismaTypes: PrismaTypes;
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Decimal: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
  AuthScopes: {
    /** Somebody is signed in. */
    user: boolean;
    /** An active member of the request's community. */
    member: boolean;
    /** An active member whose roles carry the capability. */
    capability: Capability;
    platformAdministrator: boolean;
  };
  AuthContexts: {
    user: Context & { viewer: Viewer };
    member: MemberContext;
    capability: MemberContext;
    platformAdministrator: Context & { viewer: Viewer };
  };
}>({
  // Errors first, so that fields of the Prisma plugin may declare theirs.
  plugins: [
    ErrorsPlugin,
    ScopeAuthPlugin,
    PrismaPlugin,
    RelayPlugin,
    ValidationPlugin,
    DataloaderPlugin,
    ComplexityPlugin,
  ],
  defaultFieldNullability: false,
  errors: { directResult: true },
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ viewer, member, shared }) => ({
      user: viewer !== null || shared,
      member: member?.state === 'ACTIVE',
      capability: (capability) => member?.state === 'ACTIVE' && can(member.roles, capability),
      platformAdministrator: viewer?.platformAdministrator ?? false,
    }),
    unauthorizedError: (_parent, { viewer, member }) => {
      if (!viewer) return unauthenticated();
      // A community nobody may look into, one that does not exist and none at all answer alike.
      if (member?.state !== 'ACTIVE')
        return new Rejection(
          'FORBIDDEN',
          'Name a community in the header x-kith-community (its slug or id) of which you are an active member.',
        );
      return forbidden();
    },
  },
  prisma: {
    client: () => prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    maxConnectionSize: PAGE_MOST,
    defaultConnectionSize: PAGE_STANDARD,
  },
  relay: {
    cursorType: 'String',
    nodesQueryOptions: false,
    decodeGlobalID: readGlobalId,
    nodeQueryOptions: { description: 'Any object by its id, if it is there for the viewer.', nullable: true },
  },
  validation: {
    validationError: ({ issues }) =>
      new Rejection('BAD_USER_INPUT', issues.map(({ path, message }) => `${fieldName(path)}: ${message}`).join('; '), {
        issues: issues.map(({ path, message }) => ({ path: fieldName(path), message })),
      }),
  },
  complexity: {
    limit: () => ({ depth: limits.depth, complexity: limits.complexity, breadth: limits.complexity }),
    defaultListMultiplier: 5,
    fieldComplexity: pageComplexity,
    complexityError: (kind, result) =>
      new Rejection(
        'QUERY_TOO_COMPLEX',
        `The ${kind.toLowerCase()} of the query is ${result[kind.toLowerCase() as 'depth']}; the most is ${limits[kind === 'Depth' ? 'depth' : 'complexity']}. Ask for less, or in smaller pages.`,
      ),
  },
});

/** What holds the rows of a page; the page has counted them already. */
const ROWS = ['edges', 'nodes', 'items'];

/** Page sizes count: a connection of 100 rows costs 100 times its fields. */
function pageComplexity(args: Record<string, unknown>, _context: object, { name }: { name: string }) {
  if (ROWS.includes(name)) return { field: 1, multiplier: 1 };
  const size = args.first ?? args.last ?? args.take;
  const pages = 'first' in args || 'last' in args || 'take' in args;
  if (typeof size === 'number') return { field: 1, multiplier: Math.min(Math.max(size, 1), PAGE_MOST) };
  return pages ? { field: 1, multiplier: PAGE_STANDARD } : 1;
}

const fieldName = (path: readonly unknown[] | undefined) =>
  (path ?? [])
    .map((part) => String(typeof part === 'object' && part ? (part as { key: unknown }).key : part))
    .join('.') || 'input';

builder.queryType({});
builder.mutationType({});
builder.subscriptionType({});

/** What a mutation answers when a rule said no: a stable code to program by and a sentence to show. */
export const ErrorInterface = builder.interfaceRef<Error & { code: string }>('Error').implement({
  description: 'A rule said no. Nothing was changed.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable, in capitals; for programs.' }),
    message: t.exposeString('message', { description: 'A sentence in English; for people.' }),
  }),
});

/** A uuid out of a global id of the given type; a foreign or malformed id is simply not there. */
export function localId(typename: string, id: string): string {
  const read = GLOBAL_ID.exec(Buffer.from(id, 'base64').toString('utf8'));
  if (read?.[1] !== typename) throw notFound(typename.toLowerCase());
  return read[2]!;
}
const GLOBAL_ID = /^(\w{1,100}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
function readGlobalId(id: string) {
  const read = GLOBAL_ID.exec(Buffer.from(id, 'base64').toString('utf8'));
  if (!read) throw notFound('object');
  return { typename: read[1]!, id: read[2]! };
}
export const globalId = (typename: string, id: string) => Buffer.from(`${typename}:${id}`).toString('base64');
