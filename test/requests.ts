import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql';
import { randomBytes } from 'node:crypto';
import { schema } from '../api/src/schema.ts';
import { nodeTypes } from './wholeCommunity.ts';

export type Root = 'Query' | 'Mutation' | 'Subscription';
export type Field = GraphQLField<unknown, unknown>;

/** Every field of a root of the schema. */
export const fieldsOf = (root: Root): Field[] => Object.values((schema.getType(root) as GraphQLObjectType).getFields());

/** What a server parses at most. */
const TOKENS_MOST = 10_000;
const tokensOf = (document: string) => document.match(/\w+|[^\w\s]/g)!.length;

/** A document with one root field; its arguments are the variables of the same names. It goes as deep as the parser lets it. */
export function documentOf(
  root: Root,
  field: Field,
  { depth = root === 'Mutation' ? 2 : 4 }: { depth?: number } = {},
): string {
  const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const head = `${root.toLowerCase()}${declared && ` (${declared})`}`;
  const document = `${head} { ${field.name}${passed && ` (${passed})`} ${selectionOf(field.type as never, depth)} }`;
  return tokensOf(document) > TOKENS_MOST ? documentOf(root, field, { depth: depth - 1 }) : document;
}

const seen: string[] = [];
/** Everything a type has, down to a depth; a type is not entered within itself a second time. Aliases keep equal names of a union apart. */
function selectionOf(type: GraphQLNamedType, depth: number): string {
  const named = getNamedType(type) as GraphQLNamedType;
  if (!isCompositeType(named)) return '';
  if (isAbstractType(named)) {
    const possible = schema
      .getPossibleTypes(named)
      .map((member) => `... on ${member.name} ${selectionOf(member, depth)}`);
    return `{ __typename ${possible.join(' ')} }`;
  }
  seen.push(named.name);
  const fields = Object.values(named.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type);
    if (field.args.some(isRequiredArgument)) return [];
    if (!isCompositeType(inner)) return [`${named.name}_${field.name}: ${field.name}`];
    if (depth === 0 || seen.filter((name) => name === inner.name).length > 1) return [];
    return [`${named.name}_${field.name}: ${field.name} ${selectionOf(inner, depth - 1)}`];
  });
  seen.pop();
  return `{ __typename ${fields.join(' ')} }`;
}

/** How the arguments of a request are made up. */
export interface Filling {
  /** A global id for an argument that wants one of this type. */
  id: (type: string) => string;
  /** What stands in every argument that takes an id but names no type: of which type it is. */
  idType?: string;
  /** Overrides by the argument's name. */
  values?: Record<string, unknown>;
  /** What of the optional arguments is sent: none; those that take ids; all. */
  optional?: 'none' | 'ids' | 'all';
}

type Slot = { name: string; type: GraphQLInputType; defaultValue?: unknown };

/** Variables for a field: plausible words, and an id wherever it takes one. */
export const variablesOf = (field: Field, filling: Filling): Record<string, unknown> =>
  filled(field.args.map(slotOf), field.name, filling);

const slotOf = ({ name, type, defaultValue }: GraphQLArgument | GraphQLInputField): Slot => ({
  name,
  type,
  defaultValue,
});

function filled(slots: Slot[], field: string, filling: Filling): Record<string, unknown> {
  const { optional = 'ids', values = {} } = filling;
  const wanted = slots.filter(
    ({ type, name }) =>
      isNonNullType(type) || name in values || optional === 'all' || (optional === 'ids' && takesId(type)),
  );
  return Object.fromEntries(wanted.map((slot) => [slot.name, valueOf(slot, field, filling)]));
}

function takesId(type: GraphQLInputType, within: string[] = []): boolean {
  const named = getNamedType(type);
  if (named.name === 'ID') return true;
  if (!isInputObjectType(named) || within.includes(named.name)) return false;
  return Object.values(named.getFields()).some((inner) => takesId(inner.type, [...within, named.name]));
}

function valueOf({ name, type, defaultValue }: Slot, field: string, filling: Filling): unknown {
  if (filling.values && name in filling.values) return filling.values[name];
  const nullable = getNullableType(type) as GraphQLInputType;
  if (isListType(nullable)) {
    const item = { name: singular(name), type: nullable.ofType as GraphQLInputType };
    const words = getNamedType(item.type).name === 'String' ? PLAUSIBLE_LISTS[name] : undefined;
    return words ?? [valueOf(item, field, filling)];
  }
  if (isInputObjectType(nullable)) return filled(Object.values(nullable.getFields()).map(slotOf), field, filling);
  if (nullable.toString() === 'ID') {
    const type = idType(field, name, filling);
    return type === 'local' ? localOf(filling.id('Listing')) : filling.id(type);
  }
  if (defaultValue !== undefined) return defaultValue;
  if (isEnumType(nullable)) return PLAUSIBLE_ENUM[name] ?? nullable.getValues()[0]!.name;
  const plausible = PLAUSIBLE[name];
  if (plausible !== undefined) return typeof plausible === 'function' ? plausible() : plausible;
  const standard = { String: 'Plain words', Int: 1, Float: 1.5, Boolean: true, Decimal: '1.50', JSON: {} }[
    String(nullable)
  ];
  if (standard !== undefined) return standard;
  if (String(nullable) === 'DateTime') return new Date(Date.now() + 864e6).toISOString();
  throw new Error(`test/requests.ts knows no value for ${name}: ${String(nullable)} of ${field}.`);
}

/** The uuid in a global id: what a client makes up itself. */
const localOf = (id: string) => Buffer.from(id, 'base64').toString().split(':')[1] ?? id;
const singular = (name: string) => name.replace(/ies$/, 'y').replace(/s$/, '');

/** What an id names: by the argument ("categoryId", "intoId" no), else by the field ("pauseListing"), longest name first. */
function idType(field: string, name: string, { idType }: Filling): string {
  if (name === 'after' || name === 'before') return 'Event';
  const types = nodeTypes().sort((one, other) => other.length - one.length);
  const within = (text: string) => types.find((type) => text.toLowerCase().includes(type.toLowerCase()));
  const type =
    BY_NAME[`${field}.${name}`] ?? BY_NAME[name] ?? within(name) ?? idType ?? within(singular(field)) ?? within(field);
  if (!type) throw new Error(`test/requests.ts does not know of which type ${name} of ${field} is: add it to BY_NAME.`);
  return type;
}
const BY_NAME: Record<string, string> = {
  entryId: 'JournalEntry',
  payeeId: 'Member',
  payerId: 'Member',
  counterpartyId: 'Member',
  requestId: 'PaymentRequest',
  ruleId: 'PaymentRule',
  mintId: 'CoinageMint',
  awardId: 'KarmaAward',
  wantId: 'Listing',
  offerId: 'Listing',
  parentId: 'Category',
  intoId: 'Category',
  fromId: 'Category',
  actorId: 'Member',
  subjectId: 'Member',
  'deleteDraft.id': 'Listing',
  'deleteSynonyms.id': 'SynonymSet',
  'updateSynonyms.id': 'SynonymSet',
  'createListing.id': 'local',
  'pay.id': 'local',
  'grantCoinage.id': 'local',
  'awardKarma.id': 'local',
  'payBatch.id': 'local',
  'refundPayment.id': 'local',
  'requestPayment.id': 'local',
  'reverseEntry.id': 'local',
  'giveToTreasury.id': 'local',
  'grantFromTreasury.id': 'local',
  'buyForTreasury.id': 'local',
  'burnFromTreasury.id': 'local',
  'proposeTrade.id': 'local',
  'openDispute.id': 'local',
  'addEvidence.id': 'local',
  'node.id': 'Listing',
  'nodes.ids': 'Listing',
  'markNotificationsRead.ids': 'Notification',
};

const random = () => randomBytes(6).toString('hex');
const PASSWORD = 'apples and pears';
/** Arguments that do not take just any words. */
const PLAUSIBLE: Record<string, unknown> = {
  email: () => `${random()}@example.org`,
  newEmail: () => `${random()}@example.org`,
  operatorEmail: null,
  password: PASSWORD,
  newPassword: `${PASSWORD} and plums`,
  currentPassword: PASSWORD,
  token: () => randomBytes(32).toString('base64url'),
  slug: () => `s-${random()}`,
  currencyCode: 'TEST',
  locale: 'en',
  language: 'en',
  languages: 'en',
  timeZone: 'UTC',
  photoUrl: 'https://example.org/photo.png',
  globalCurrency: 'EUR',
  demurrageTime: '12:00',
  globalPrice: '1.50',
  price: '1.50',
  priceTo: '2.50',
  kind: 'listing.expiring',
  text: 'bicycle,bike',
  csv: 'payee,amount\nnobody,1.50',
  key: () => `key-${random()}`,
  community: 'nowhere',
  term: () => `word${random()}`,
  latitude: 51.5,
  longitude: 7.5,
};
const PLAUSIBLE_LISTS: Record<string, unknown[]> = { terms: ['bicycle', 'bike'] };
const PLAUSIBLE_ENUM: Record<string, string> = { terms: 'FIXED' };
