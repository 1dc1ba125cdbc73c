import { parseArgs } from 'node:util';
import type { ImportKind } from '@kith/db';
import { columns } from './columns.ts';
import type { ImportOptions } from './plan.ts';

/** What the command line asks for. */
export interface Order {
  kind: ImportKind;
  file: string;
  /** The community of every line; without it each line names its own. */
  community: string | undefined;
  createCommunities: boolean;
  currency: string;
  options: ImportOptions;
  dryRun: boolean;
  acceptRefused: boolean;
  /** The e-mail address of the operator or administrator who does it. */
  as: string | undefined;
}

/** The command line cannot be understood; the message says what is wrong. */
export class WrongUsage extends Error {}

/** The columns of a file in lines that fit a terminal; those it must have are marked. */
function namesOf(kind: ImportKind): string {
  const names = columns[kind].map(({ name, required }) => (required ? `${name}*` : name)).join(', ');
  return names.replace(/(.{80,100}?), /g, '$1,\n             ');
}

export const USAGE = `Imports members or listings from a CSV file.

  npm run import -- listings FILE [options]
  npm run import -- members FILE [options]

The first line names the columns. Without --community every line names its own in a column "community". All lines are checked
before anything is written. A line is known again by its external id, so a file can be sent again: a column the file does not
have leaves things as they are, an empty cell clears. Lists are written with | between their entries.

  listings   ${namesOf('LISTINGS')}
  members    ${namesOf('MEMBERS')}

  --community SLUG           the community of every line
  --create-communities       make communities that are missing, with the default categories; also makes missing categories
  --currency CODE            the currency of such communities, 3 to 8 capitals (HOUR)
  --placeholder-members [each|one]
                             make members for listings of people who are not known: one for each name, and for listings
                             that name nobody one each (the default) or one for all of them
  --create-categories        make categories that are missing
  --invite                   members only: invite those who have an address; needs --as
  --as EMAIL                 do it as this operator or platform administrator; the audit log names them
  --dry-run                  say what would become of every line, and write nothing
  --accept-refused           import the other lines although some are refused; else nothing is imported
  --help                     this text
`;

const SLUG = /^[a-z0-9][a-z0-9-]{1,62}$/;

/** Reads the arguments behind the program's name; undefined when help is asked for. Throws a WrongUsage. */
export function readOrder(args: string[]): Order | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  const [what, file, ...more] = positionals;
  if (what !== 'listings' && what !== 'members') throw new WrongUsage('Say what to import: listings or members.');
  if (!file || more.length) throw new WrongUsage('Name one file.');
  const { community, currency = 'HOUR' } = values;
  if (community !== undefined && !SLUG.test(community))
    throw new WrongUsage(`--community takes a slug such as north-side, not "${community}".`);
  if (!/^[A-Z]{3,8}$/.test(currency)) throw new WrongUsage(`--currency takes 3 to 8 capitals, not "${currency}".`);
  if (values.invite && what === 'listings') throw new WrongUsage('--invite goes with members.');
  if (values.invite && !values.as) throw new WrongUsage('--invite needs --as: an invitation comes from somebody.');
  if (values['placeholder-members'] && what === 'members')
    throw new WrongUsage('--placeholder-members goes with listings.');
  const createCommunities = values['create-communities'] ?? false;
  return {
    kind: what === 'listings' ? 'LISTINGS' : 'MEMBERS',
    file,
    community,
    createCommunities,
    currency,
    options: {
      createMissingCategories: createCommunities || (values['create-categories'] ?? false),
      placeholderMembers: placeholders(values['placeholder-members']),
      invite: values.invite ?? false,
    },
    dryRun: values['dry-run'] ?? false,
    acceptRefused: values['accept-refused'] ?? false,
    as: values.as,
  };
}

function parsed(args: string[]) {
  // The word behind --placeholder-members may be left out, which parseArgs does not know.
  const given = args.flatMap((arg, index) =>
    arg === '--placeholder-members' && !/^(each|one)$/.test(args[index + 1] ?? '') ? [arg, 'each'] : [arg],
  );
  try {
    return parseArgs({
      args: given,
      allowPositionals: true,
      options: {
        community: { type: 'string' },
        currency: { type: 'string' },
        'create-communities': { type: 'boolean' },
        'placeholder-members': { type: 'string' },
        'create-categories': { type: 'boolean' },
        invite: { type: 'boolean' },
        as: { type: 'string' },
        'dry-run': { type: 'boolean' },
        'accept-refused': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new WrongUsage((error as Error).message);
  }
}

function placeholders(word: string | undefined): ImportOptions['placeholderMembers'] {
  if (word === undefined) return 'NONE';
  if (word === 'each') return 'EACH';
  if (word === 'one') return 'ONE';
  throw new WrongUsage(`--placeholder-members takes each or one, not "${word}".`);
}
