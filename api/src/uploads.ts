import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from './config.ts';
import { notFound } from './errors.ts';

type Upload = (request: IncomingMessage, response: ServerResponse, id: string, config: Config) => Promise<void>;
const kinds = new Map<string, Upload>();

/** Registers who receives `PUT /uploads/<kind>/<id>`: bodies too large for a GraphQL variable, read as a stream. */
export function defineUpload(kind: string, receive: Upload) {
  kinds.set(kind, receive);
}

export async function uploads(request: IncomingMessage, response: ServerResponse, config: Config) {
  const [, kind, id] = /^\/uploads\/([a-z]+)\/([\w=-]+)$/.exec((request.url ?? '').split('?')[0]!) ?? [];
  const receive = kinds.get(kind ?? '');
  if (!receive || !id || request.method !== 'PUT') throw notFound('upload address');
  await receive(request, response, id, config);
}
