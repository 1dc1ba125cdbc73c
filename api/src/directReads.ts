import type { ApolloServerPlugin } from '@apollo/server';
import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  Kind,
  OperationTypeNode,
  getArgumentValues,
  getVariableValues,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { limits } from './builder.ts';
import type { Context } from './context.ts';
import { Rejection } from './errors.ts';
import { log } from './log.ts';
import { answeredDirectly } from './metrics.ts';
import { readerOf, type DirectPage } from './directConnection.ts';
import { NeedsCode, fieldsOf } from './directRow.ts';

/**
 * Direct reads: a query of plain columns is answered by one SQL statement that makes its JSON, without a resolver for each value.
 * Whatever takes code goes the ordinary way, and answers the same (see the decision record on reads).
 */
export const directReads: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async responseForOperation({ document, operation, schema, request, contextValue, response }) {
        const answer = await answerOf(document, operation, {
          schema,
          context: contextValue,
          given: request.variables ?? {},
        });
        if (answer === undefined) return null;
        answeredDirectly.inc();
        return { http: response.http, body: { kind: 'single', singleResult: { data: answer as never } } };
      },
    };
  },
};

/** The `data` of an answer that is JSON already. */
class Json {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What goes out: the text as it is where there is one. */
export const stringify = (result: { data?: unknown; errors?: unknown }) =>
  result.data instanceof Json ? `{"data":${result.data.text}}\n` : `${JSON.stringify(result)}\n`;

type Plan = (given: Record<string, unknown>, context: Context) => Promise<string | undefined>;
const plans = new WeakMap<DocumentNode, Plan | null>();

async function answerOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { schema, context, given }: { schema: GraphQLSchema; context: Context; given: Record<string, unknown> },
): Promise<Json | undefined> {
  let plan = plans.get(document);
  if (plan === undefined) plans.set(document, (plan = planOf(document, operation, schema)));
  if (!plan) return undefined;
  try {
    const text = await plan(given, context);
    return text === undefined ? undefined : new Json(text);
  } catch (error) {
    // The ordinary way says what is wrong, in its own words.
    if (!(error instanceof Rejection)) log.warn({ error }, 'a direct read failed');
    return undefined;
  }
}

function planOf(document: DocumentNode, operation: OperationDefinitionNode, schema: GraphQLSchema): Plan | null {
  const isSingle = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length === 1;
  if (operation.operation !== OperationTypeNode.QUERY || !isSingle || operation.directives?.length) return null;
  const named = document.definitions.filter(
    (each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION,
  );
  const fragments = new Map(named.map((fragment) => [fragment.name.value, fragment]));
  const type = schema.getQueryType()!;
  try {
    const parts = fieldsOf(type, operation.selectionSet, fragments).map(({ key, name, node }) => {
      const field = type.getFields()[name];
      const page = field?.extensions.directPage as DirectPage | undefined;
      if (!field || !page) throw new NeedsCode();
      return { key, field, node, read: readerOf(field, node, page, fragments) };
    });
    // Page sizes count: with variables it is another matter each time.
    const judged = operation.variableDefinitions?.length ? undefined : isTooComplex(document, { schema });
    return async (given, context) => {
      if (judged ?? isTooComplex(document, { schema, ctx: context, variables: given })) return undefined;
      const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
      if (!coerced) return undefined;
      const texts = await Promise.all(
        parts.map(({ field, node, read }) => read(getArgumentValues(field, node, coerced), context)),
      );
      if (texts.includes(undefined)) return undefined;
      return `{${parts.map(({ key }, index) => `"${key}":${texts[index]}`).join(',')}}`;
    };
  } catch (error) {
    if (error instanceof NeedsCode) return null;
    throw error;
  }
}

function isTooComplex(document: DocumentNode, options: Parameters<typeof complexityFromQuery>[1]): boolean {
  try {
    const { complexity, depth, breadth } = complexityFromQuery(document, options);
    return depth > limits.depth || complexity > limits.complexity || breadth > limits.complexity;
  } catch {
    return true;
  }
}
