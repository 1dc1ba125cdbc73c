import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  getNullableType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLNamedType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../api/src/schema.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
});
const FILES = listed.split('\n').filter((file) => file && existsSync(path.join(ROOT, file)));
const texts = new Map<string, string>();
const read = (file: string) =>
  texts.get(file) ?? texts.set(file, readFileSync(path.join(ROOT, file), 'utf8')).get(file)!;
const isTest = (file: string) => /\.test\.tsx?$/.test(file) || /(^|\/)test[A-Z]\w*\.ts$/.test(file);
const SOURCE = FILES.filter((file) => /\.(ts|tsx|mjs|js|sql|prisma)$/.test(file));
const API = SOURCE.filter((file) => file.startsWith('api/src/') && !isTest(file));

/** What a file imports: packages by name, files of ours by their path from the root. */
const importsOf = (file: string): string[] =>
  [
    ...read(file).matchAll(
      /(?:^|\n)(?:import|export)\b[^;'"]*?\bfrom\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|\bimport\(\s*'([^']+)'/g,
    ),
  ].map(([, from, bare, lazy]) => {
    const name = (from ?? bare ?? lazy)!;
    return name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name;
  });
const violations = (files: string[], isWrong: (imported: string, file: string) => boolean) =>
  files.flatMap((file) => importsOf(file).flatMap((name) => (isWrong(name, file) ? [`${file} imports ${name}`] : [])));

describe('who may import whom', () => {
  // Each layer may import those before it, none beside it.
  const LAYERS = [
    ['texts'],
    ['identity'],
    ['communities'],
    ['ledger'],
    ['listings', 'payments', 'coinage', 'demurrage', 'exchange', 'treasury'],
    ['search', 'trades', 'matching', 'federation', 'social', 'attention'],
    ['reputation'],
    ['notifications', 'operations', 'imports'],
    ['demo'],
  ];
  const domainOf = (file: string) => /^api\/src\/(\w+)\//.exec(file)?.[1];
  const layerOf = (domain: string) => LAYERS.findIndex((layer) => layer.includes(domain));

  test('every folder of the API stands in a layer', () => {
    expect(API.flatMap(importsOf).length, 'imports that are read').toBeGreaterThan(API.length);
    const domains = [...new Set(API.flatMap((file) => domainOf(file) ?? []))];
    expect(domains.filter((domain) => layerOf(domain) < 0)).toEqual([]);
  });

  test('a domain imports those above it, no sibling and none below', () => {
    const isBelow = (imported: string, file: string) => {
      const [own, other] = [domainOf(file), domainOf(imported)];
      return own !== undefined && other !== undefined && own !== other && layerOf(other) >= layerOf(own);
    };
    expect(violations(API, isBelow)).toEqual([]);
  });

  test('the kernel knows no domain; what puts the program together knows them all', () => {
    const composition = [
      'schema',
      'kith',
      'main',
      'worker',
      'import',
      'search-rebuild',
      'administrator',
      'audit',
      'print-schema',
      'server',
    ];
    const kernel = API.filter((file) => !domainOf(file) && !composition.includes(path.basename(file, '.ts')));
    const known = 'api/src/communities/capabilities.ts'; // the one table of rights
    expect(violations(kernel, (name) => domainOf(name) !== undefined && name !== known)).toEqual([]);
  });

  test('x.graphql.ts → x.ts → pure: rules and writes know nothing of GraphQL', () => {
    const rules = API.filter((file) => domainOf(file) && !file.endsWith('.graphql.ts'));
    // They answer over HTTP themselves, and read who asks as GraphQL does.
    const overHttp = ['api/src/imports/upload.ts', 'api/src/imports/export.ts', 'api/src/ledger/statementFile.ts'];
    const isGraphql = (name: string) =>
      /\.graphql\.ts$|^api\/src\/(builder|schema|graphql)\.ts$|^graphql$|^@pothos\/|^@apollo\//.test(name);
    expect(
      violations(
        rules.filter((file) => !overHttp.includes(file)),
        isGraphql,
      ),
    ).toEqual([]);
  });

  test('workspaces: prisma ← search, api; search ← api; api ← test; the console takes types alone', () => {
    const isForeign = (name: string, file: string) => {
      const workspace = file.split('/')[0]!;
      const other = /^@kith\/(\w+)/.exec(name)?.[1]?.replace('db', 'prisma') ?? name.split('/')[0]!;
      const allowed: Record<string, string[]> = {
        prisma: [],
        search: ['prisma'],
        api: ['prisma', 'search'],
        admin: [],
      };
      const workspaces = ['prisma', 'search', 'api', 'admin', 'test'];
      return (
        workspace in allowed &&
        other !== workspace &&
        workspaces.includes(other) &&
        !allowed[workspace]!.includes(other)
      );
    };
    const shipped = SOURCE.filter(
      (file) => !isTest(file) && /^(prisma|search|api|admin)\/(?!test\/|bench\/)/.test(file),
    );
    expect(violations(shipped, isForeign)).toEqual([]);
  });

  test('raw SQL stands in named files', () => {
    const NAMED = [
      ...[
        'context',
        'events',
        'eventAnswers',
        'subscriptions',
        'sockets',
        'jobs',
        'announce',
        'workerPresence',
        'directConnection',
        'directRow',
        'readiness',
      ].map((name) => `api/src/${name}.ts`),
      ...['sessions', 'tokens', 'throttle'].map((name) => `api/src/identity/${name}.ts`), // one-time tokens, counters
      ...['communities', 'invitations', 'acceptance', 'membership', 'erasure'].map(
        (name) => `api/src/communities/${name}.ts`,
      ), // what crosses communities, locks
      ...['retention', 'verdicts', 'directory'].map((name) => `api/src/imports/${name}.ts`), // by thousands of rows
      'api/src/notifications/notifications.ts', // a lock
      'api/src/payments/calls.ts', // the money functions of payments
      ...['calls', 'preview'].map((name) => `api/src/demurrage/${name}.ts`), // the money functions of demurrage
      ...['report', 'figures'].map((name) => `api/src/treasury/${name}.ts`), // figures in one statement
      ...['facts', 'voiding', 'report', 'upkeep'].map((name) => `api/src/coinage/${name}.ts`), // locks, sums, the money function of coinage
      'api/src/reputation/reputation.ts', // what has aged, in all communities
      'api/src/reputation/acquaintance.ts', // the trades with hundreds of members in one statement
      'api/src/trades/limits.ts', // where a day begins in a time zone
      'api/src/operations/dashboard.ts', // figures in one statement
      ...['installation', 'economy'].map((name) => `api/src/demo/${name}.ts`), // a lock; when accounts were opened
      'api/src/import.ts',
    ];
    const raw = API.filter((file) => /\$(query|execute)Raw|\b\w*[pP]ool\.query\(/.test(read(file)));
    expect(raw.filter((file) => !NAMED.includes(file) && !/^api\/src\/(ledger|exchange)\//.test(file))).toEqual([]);
  });
});

describe('files', () => {
  const WRITTEN = FILES.filter((file) => /\.(ts|tsx|mjs|js|sql|prisma|css|html|md)$/.test(file));
  test('none is longer than 400 lines', () => {
    expect(WRITTEN.filter((file) => read(file).split('\n').length > 401)).toEqual([]);
  });
  test('nothing is left to do, and no test is left out without its reason', () => {
    const unfinished = new RegExp(
      `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b|\\b(test|it|describe)\\.(only|skip|todo|fails)\\b`,
    );
    expect(WRITTEN.filter((file) => unfinished.test(read(file)))).toEqual([]);
  });
  test('none is named for a kind', () => {
    expect(SOURCE.filter((file) => /(^|\/)(utils?|helpers?|types|constants|misc|common)\.tsx?$/.test(file))).toEqual(
      [],
    );
  });
  test('types are erasable, imports carry their ending', () => {
    const bad =
      /^\s*(export )?(const )?enum \w|^\s*(export )?namespace \w|constructor\([^)]*\b(private|public|protected|readonly) /m;
    const shipped = SOURCE.filter((file) => /^(api|search|prisma|test)\/.*\.ts$/.test(file));
    expect(shipped.filter((file) => bad.test(read(file)))).toEqual([]);
    expect(
      violations(
        shipped,
        (name) => /^(api|search|prisma|test|admin)\//.test(name) && !/\.(ts|tsx|json|mjs)$/.test(name),
      ),
    ).toEqual([]);
  });
});

describe('the schema', () => {
  // What the library makes, and describes by its names.
  const isMade = ({ name }: GraphQLNamedType) =>
    name.startsWith('__') ||
    /^(Query|Mutation|Subscription|Node|PageInfo)$|(Connection|Edge)$|^(Mutation|Query)\w+Result$/.test(name);
  const types = Object.values(schema.getTypeMap());

  test('every type, field and argument says what it is', () => {
    const silent = types.flatMap((type) => {
      if (type.name.startsWith('__') || isUnionType(type)) return [];
      const own = type.description || isMade(type) ? [] : [type.name];
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return own;
      const fields = Object.values(type.getFields()).flatMap((field) => {
        const at = `${type.name}.${field.name}`;
        const isRelay = /(Connection|Edge)$|^PageInfo$/.test(type.name) || field.name === 'id';
        const args = 'args' in field ? (field.args as readonly GraphQLArgument[]) : [];
        return [
          ...(field.description || isRelay ? [] : [at]),
          ...args
            .filter(
              ({ name, description }) =>
                !description && !/^(first|last|before|after)$/.test(name) && field.name !== 'node',
            )
            .map(({ name }) => `${at}(${name})`),
        ];
      });
      return [...own, ...fields];
    });
    expect(silent).toEqual([]);
  });

  test('every list is bounded: by pages, or by what keeps it short', () => {
    // Lists without pages. Each is short because of what stands behind it.
    const SHORT: Record<string, string[]> = {
      'a limit of the input that fills it': [
        ...['Listing.categories', 'Listing.availability', 'Listing.photoUrls', 'Listing.tags'],
        ...['PublicListing.photoUrls', 'PublicListing.tags', 'SynonymSet.terms', 'Invited.invitations'],
        ...['SearchCriteria.categories', 'SearchCriteria.languages', 'SearchCriteria.tags', 'SearchCriteria.terms'],
        ...['NotificationPreference.channels', 'Mutation.setNotificationPreferences', 'Query.notificationPreferences'],
        ...[
          'Query.savedSearches',
          'CategoryFileRefused.problems',
          'Import.ignoredColumns',
          'DisputeEvidence.links',
          'PaymentBatchRefused.problems',
        ],
        ...['KarmaRules.levels', 'KarmaRules.badges', 'Karma.badges'],
      ],
      'the number of roles, capabilities, kinds or rules': [
        ...['Member.roles', 'Member.capabilities', 'Membership.roles', 'Membership.capabilities'],
        ...['CannotLeaveYet.obstacles', 'Query.obstaclesToLeaving', 'Dashboard.notices', 'Suggestion.reasons'],
        'TreasuryReport.kinds',
        ...['MatchExplanation.parts', 'MatchExplanation.reasons'],
        'Trade.viewerActions',
        'CoinageOutlook.obstacles',
      ],
      'the most categories a community has': ['Category.children', 'Query.categories', 'Mutation.reorderCategories'],
      'the commonest hundred': [
        'SearchFacets.categories',
        'SearchFacets.kinds',
        'SearchFacets.languages',
        'SearchFacets.tags',
      ],
      'the length of a text': [
        ...[
          'SearchItem.snippetParts',
          'SearchItem.titleParts',
          'PublicSearchItem.snippetParts',
          'PublicSearchItem.titleParts',
        ],
      ],
      'a limit in its query': [
        ...['Query.sessions', 'Query.charters', 'Query.paymentRules', 'Query.myAccounts'],
        ...['JournalEntry.postings', 'JournalEntry.reverses', 'AccountChange.accounts'],
        'Query.founders',
        ...['Query.explainMatches', 'Query.suggestCategories', 'Query.learnedCategories', 'Understanding.behind'],
        ...['Trade.proposals', 'Trade.reviews', 'Dispute.evidence', 'Dispute.decisions'],
      ],
      'kinds of accounts in the currencies there are': ['Query.trialBalance'],
      'the communities one person joins': ['Query.myMemberships'],
    };
    const short = Object.values(SHORT).flat();
    const lists = types.flatMap((type) => {
      if (!isObjectType(type) || /^__|Connection$/.test(type.name)) return [];
      const fields = Object.values(type.getFields());
      const isPage = fields.some(({ name }) => name === 'total');
      return fields
        .filter(({ type: of }) => isListType(getNullableType(of)))
        .filter(
          ({ name, args }) =>
            !args.some((arg) => ['first', 'take'].includes(arg.name)) && !(isPage && name === 'items'),
        )
        .map(({ name }) => `${type.name}.${name}`);
    });
    expect(lists.filter((list) => !short.includes(list)).sort()).toEqual([]);
    expect(short.filter((list) => !lists.includes(list)).sort()).toEqual([]);
  });

  test('every page has a size: a field of pages takes `first` or `take`', () => {
    const pages = types.flatMap((type) => {
      if (!isObjectType(type)) return [];
      return Object.values(type.getFields()).flatMap(({ name, args, type: of }) => {
        const page = getNullableType(of);
        if (!isObjectType(page)) return [];
        const isPage = /Connection$/.test(page.name) || ('items' in page.getFields() && 'total' in page.getFields());
        const takes = args.flatMap((arg) => [
          arg.name,
          ...(isInputObjectType(getNullableType(arg.type))
            ? Object.keys((getNullableType(arg.type) as never as { getFields(): object }).getFields())
            : []),
        ]);
        return isPage && !takes.some((arg) => ['first', 'take'].includes(arg)) ? [`${type.name}.${name}`] : [];
      });
    });
    expect(pages).toEqual([]);
  });
});

test("the README's table has one line for each setting, and no other", () => {
  const settings = [...read('api/src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name!);
  const lines = [...read('README.md').matchAll(/^\| `([A-Z][A-Z_]+)` +\|/gm)].map(([, name]) => name!);
  expect(settings.length).toBeGreaterThan(20);
  expect(lines.sort()).toEqual(settings.sort());
});
