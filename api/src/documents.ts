import { GraphQLError, parse, specifiedRules, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { bounds } from './bounds.ts';

const KEPT = 1000;
/** Parts of one document; its text is bounded by the size of a body only, and reading it holds up everybody. */
export const TOKENS_MOST = 10_000;
const RULES = [...specifiedRules, ...bounds];

/** Parsed and validated documents, the thousand used last. */
export class Documents {
  private readonly known = new Map<string, DocumentNode | GraphQLError>();
  private readonly schema: GraphQLSchema;
  constructor(schema: GraphQLSchema) {
    this.schema = schema;
  }

  /** Throws what is wrong with the text. */
  parse(query: string): DocumentNode {
    const found = this.known.get(query) ?? this.read(query);
    this.known.delete(query);
    this.known.set(query, found);
    if (this.known.size > KEPT) this.known.delete(this.known.keys().next().value!);
    if (found instanceof GraphQLError) throw found;
    return found;
  }

  private read(query: string): DocumentNode | GraphQLError {
    try {
      const document = parse(query, { maxTokens: TOKENS_MOST });
      const [error] = validate(this.schema, document, RULES);
      return error ? coded('GRAPHQL_VALIDATION_FAILED', error) : document;
    } catch (error) {
      return coded('GRAPHQL_PARSE_FAILED', error as GraphQLError);
    }
  }
}

/** The codes a client knows from HTTP; one of ours stays what it is. */
const coded = (code: string, { message, nodes, source, positions, extensions }: GraphQLError) =>
  new GraphQLError(message, { nodes, source, positions, extensions: { code, ...extensions } });
