import type { TadaDocumentNode } from 'gql.tada';
import { print, type DocumentNode } from 'graphql';
import { ApiError, type ErrorDetails } from './errors.ts';
import { session } from './session.ts';

const ANSWER_WITHIN_MS = 30_000;

/** Sends one operation as the session, in the chosen community. Throws an ApiError. */
export async function request<Answer, Variables>(
  document: TadaDocumentNode<Answer, Variables>,
  variables: Variables,
  headers: Record<string, string> = session.headers(),
): Promise<Answer> {
  const response = await send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: textOf(document), variables }),
  });
  const { data, errors } = await readAnswer<Answer>(response);
  throwFirst(errors);
  return data as Answer;
}

async function send(path: string, options: RequestInit, withinMs = ANSWER_WITHIN_MS): Promise<Response> {
  try {
    return await fetch(path, { ...options, signal: AbortSignal.timeout(withinMs) });
  } catch (error) {
    throw new ApiError('UNREACHABLE', String(error));
  }
}

function throwFirst([error]: GraphqlAnswer<unknown>['errors'] & {} = []) {
  if (error) throw new ApiError(error.extensions?.code ?? 'INTERNAL', error.message, error.extensions);
}

interface GraphqlAnswer<Answer> {
  data?: Answer | null;
  errors?: { message: string; extensions?: { code?: string } & ErrorDetails }[];
}
async function readAnswer<Answer>(response: Response): Promise<GraphqlAnswer<Answer>> {
  try {
    return (await response.json()) as GraphqlAnswer<Answer>;
  } catch {
    throw new ApiError('UNREACHABLE', `The API answered ${response.status} without words.`);
  }
}

type Refusal = { code: string; message: string };
/** What a mutation did, out of the union with its refusals; a refusal is thrown. */
export function accepted<Result extends object>(result: Result): Exclude<Result, Refusal> {
  if ('code' in result && 'message' in result) {
    const { code, message } = result as unknown as Refusal;
    throw new ApiError(code, message);
  }
  return result as Exclude<Result, Refusal>;
}

const texts = new WeakMap<DocumentNode, string>();
function textOf(document: DocumentNode): string {
  const text = texts.get(document) ?? print(document);
  texts.set(document, text);
  return text;
}

/** Saves a file the API makes under a name in the browser's folder for that. Throws an ApiError. */
export async function saveFile(path: string, name: string): Promise<void> {
  const response = await send(path, { headers: session.headers() }, UPLOAD_WITHIN_MS);
  if (!response.ok) return throwFirst((await readAnswer(response)).errors);
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}

const UPLOAD_WITHIN_MS = 600_000;

/** Sends a file to the address the API named for it. Throws an ApiError. */
export async function upload(path: string, file: Blob): Promise<void> {
  const response = await send(path, { method: 'PUT', body: file, headers: session.headers() }, UPLOAD_WITHIN_MS);
  if (response.ok) return;
  throwFirst((await readAnswer(response)).errors);
}
