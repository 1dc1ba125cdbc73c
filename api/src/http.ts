import type { IncomingMessage, ServerResponse } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { Config } from './config.ts';
import { Rejection } from './errors.ts';

/** The client's address; a proxy's word for it counts only where the operator said so. The last entry is the proxy's own; those before it are whatever the client sent. */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy
    ? String(request.headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : '';
  return withoutPort(forwarded || request.socket.remoteAddress || '');
}

/** Some proxies name the port too; it differs with every connection, and whoever is counted by address would be somebody else each time. */
const withoutPort = (address: string) =>
  /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address;

/** Where a request comes from: an IPv4 address, or the network of an IPv6 address, of which everybody has 2^64. */
export function placeOf(address: string): string {
  const plain = address.split('%')[0]!;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped || !isIPv6(plain)) return mapped ?? plain;
  const [head, tail] = plain.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = tail ? Array<string>(8 - head!.length - tail.length).fill('0') : [];
  return [...head!, ...zeros, ...(tail ?? [])]
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
/** True when the client is this machine. What came through a proxy nobody vouched for came from elsewhere. */
export function isFromHere(request: IncomingMessage, trustProxy: boolean): boolean {
  if (!trustProxy && (request.headers['x-forwarded-for'] || request.headers.forwarded)) return false;
  const place = addressOf(request, trustProxy).replace(/^::ffff:/i, '');
  return loopback.check(place, isIPv6(place) ? 'ipv6' : 'ipv4');
}

/** Ends a request whose body is not there in time: who sends a byte now and then holds no connection. */
export function arriveWithin(request: IncomingMessage, response: ServerResponse, milliseconds: number) {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (length === '0' && !encoding) return;
  const timer = setTimeout(() => {
    response.once('finish', () => request.destroy());
    if (response.headersSent) return void request.destroy();
    response.setHeader('connection', 'close');
    sendJson(response, 408, {
      errors: [{ message: 'The request did not arrive in time.', extensions: { code: 'REQUEST_TIMEOUT' } }],
    });
  }, milliseconds);
  request.once('close', () => clearTimeout(timer));
}

export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
}

/** Reads a body of at most `most` bytes as text. */
export async function readBody(request: IncomingMessage, most: number): Promise<string> {
  const tooLarge = () => new Rejection('BAD_USER_INPUT', `The request is larger than ${most} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += (chunk as Buffer).length;
      if (size > most) throw tooLarge();
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    // The client has gone, or was too slow: no fault of ours.
    throw error instanceof Rejection ? error : new Rejection('BAD_USER_INPUT', 'The request broke off.');
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function sendJson(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** Lets frontends of other origins call the API. Sessions are bearer tokens, never cookies, so a foreign page has nothing to ride on. */
export function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  { CORS_ORIGINS }: Pick<Config, 'CORS_ORIGINS'>,
): boolean {
  const { origin } = request.headers;
  if (origin && (CORS_ORIGINS.includes('*') || CORS_ORIGINS.includes(origin))) {
    response.setHeader('access-control-allow-origin', CORS_ORIGINS.includes('*') ? '*' : origin);
    response.setHeader('vary', 'origin');
    response.setHeader('access-control-expose-headers', 'x-request-id, retry-after');
  }
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, PUT, OPTIONS',
    'access-control-allow-headers':
      'authorization, content-type, x-kith-community, apollo-require-preflight, x-request-id',
    'access-control-max-age': '86400',
  });
  response.end();
  return true;
}
