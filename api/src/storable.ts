import { GraphQLError, type ValidationRule } from 'graphql';
import { badInput } from './errors.ts';

// NUL, or half of a character that takes two code units: PostgreSQL takes neither.
const UNSTORABLE = /[\0\p{Surrogate}]/u;
const SENTENCE = 'a text holds a NUL character or half of a character, which cannot be stored. Leave it out.';

/** Refuses variables with a text that no database keeps: once for every field, before any of them runs. */
export function refuseUnstorable(variables: unknown): void {
  const waiting = [{ path: '', value: variables }];
  for (let next; (next = waiting.pop());) {
    const { path, value } = next;
    if (typeof value === 'string' && UNSTORABLE.test(value)) throw badInput(`${path}: ${SENTENCE}`, path);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, item] of Object.entries(value)) {
      if (UNSTORABLE.test(key)) throw badInput(`${path || 'variables'}: the name of ${SENTENCE}`, path);
      waiting.push({ path: path ? `${path}.${key}` : key, value: item as unknown });
    }
  }
}

/** The same for texts that stand in the document itself. Halves of characters are refused when it is read. */
export const storableTexts: ValidationRule = (context) => ({
  StringValue(node) {
    if (UNSTORABLE.test(node.value))
      context.reportError(new GraphQLError(`In the document, ${SENTENCE}`, { nodes: node }));
  },
});
