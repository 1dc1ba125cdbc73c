import { Kind, type FieldNode, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql';
import { Rejection } from './errors.ts';
import { storableTexts } from './storable.ts';

/** How many fields of its root an operation has: aliases are no way around what is counted for each request. */
const ROOTS_MOST = { query: 250, mutation: 50 };

/** How long the lists of a schema are, about; the cost is per type, so that a growing schema makes no question dearer. */
const LENGTHS: Record<string, number> = {
  fields: 8,
  inputFields: 5,
  args: 2,
  enumValues: 4,
  possibleTypes: 2,
  interfaces: 2,
  // Few types are wrapped in another one.
  ofType: 0.3,
};
/** A third more than a client asks that wants to know everything: some 50 ms. */
const SCHEMA_COST_MOST = 500;

const tooComplex = (message: string) => new Rejection('QUERY_TOO_COMPLEX', message);

/** Adds up what the fields of a selection cost, through its fragments, each of which is looked at once. */
function summing(context: ValidationContext, cost: (field: FieldNode, below: () => number) => number) {
  const fragments = new Map<string, number>();
  function sum({ selections }: SelectionSetNode): number {
    return selections.reduce((total, selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) return total + sum(selection.selectionSet);
      if (selection.kind === Kind.FRAGMENT_SPREAD) return total + ofFragment(selection.name.value);
      return total + cost(selection, () => (selection.selectionSet ? sum(selection.selectionSet) : 0));
    }, 0);
  }
  function ofFragment(name: string): number {
    const known = fragments.get(name);
    if (known !== undefined) return known;
    // Another rule refuses a fragment that spreads itself; until then it is not followed.
    fragments.set(name, 0);
    const fragment = context.getFragment(name);
    const total = fragment ? sum(fragment.selectionSet) : 0;
    fragments.set(name, total);
    return total;
  }
  return sum;
}

const boundedRoots: ValidationRule = (context) => {
  const rootsOf = summing(context, () => 1);
  return {
    OperationDefinition({ operation, selectionSet }) {
      // A subscription has one anyway.
      if (operation === 'subscription') return;
      const [roots, most] = [rootsOf(selectionSet), ROOTS_MOST[operation]];
      if (roots > most)
        context.reportError(
          tooComplex(`The ${operation} has ${roots} fields; the most is ${most}. Send it in several requests.`),
        );
    },
  };
};

/**
 * Everybody may read the schema. Without a bound a small document reads it thousands of times, and the answer, which is made in
 * one go, stops the process.
 */
const boundedIntrospection: ValidationRule = (context) => {
  const costOf = summing(context, ({ name }, below) => 1 + (LENGTHS[name.value] ?? 1) * below());
  let total = 0;
  return {
    Field({ name, selectionSet }) {
      if (!['__schema', '__type'].includes(name.value) || !selectionSet || total > SCHEMA_COST_MOST) return;
      total += costOf(selectionSet);
      if (total > SCHEMA_COST_MOST)
        context.reportError(tooComplex('The request asks for more of the schema than there is: ask for it once.'));
    },
  };
};

/** Rules for every document, over HTTP and WebSocket: what is judged before anything is done. */
export const bounds: ValidationRule[] = [boundedRoots, boundedIntrospection, storableTexts];
