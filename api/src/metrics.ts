import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Config } from './config.ts';
import { Rejection } from './errors.ts';
import { bearerToken, isFromHere } from './http.ts';

export const registry = new Registry();
collectDefaultMetrics({ register: registry, prefix: 'kith_' });

export const requestSeconds = new Histogram({
  name: 'kith_request_seconds',
  help: 'Time to answer a GraphQL request over HTTP, by kind of operation and outcome.',
  labelNames: ['operation', 'outcome'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers: [registry],
});
export const answeredDirectly = new Counter({
  name: 'kith_direct_reads_total',
  help: 'GraphQL requests over HTTP that one SQL statement answered, without resolvers.',
  registers: [registry],
});
export const sockets = new Gauge({
  name: 'kith_sockets',
  help: 'Open WebSocket connections of this process.',
  registers: [registry],
});
export const subscriptions = new Gauge({
  name: 'kith_subscriptions',
  help: 'Live subscriptions of this process.',
  registers: [registry],
});
export const jobsWaiting = new Gauge({
  name: 'kith_jobs_waiting',
  help: 'Jobs that are due and not yet done.',
  registers: [registry],
});
export const oldestJobSeconds = new Gauge({
  name: 'kith_oldest_job_seconds',
  help: 'Age of the oldest job that is due.',
  registers: [registry],
});

/** Answers the figures: to who has the token, or, where none is set, to this machine alone. */
export async function serveMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  { METRICS_TOKEN, TRUST_PROXY }: Pick<Config, 'METRICS_TOKEN' | 'TRUST_PROXY'>,
) {
  if (METRICS_TOKEN) {
    if (!isSame(bearerToken(request.headers.authorization) ?? '', METRICS_TOKEN))
      throw new Rejection('UNAUTHENTICATED', 'Send the METRICS_TOKEN as "Authorization: Bearer …".');
  } else if (!isFromHere(request, TRUST_PROXY))
    throw new Rejection('FORBIDDEN', 'Set METRICS_TOKEN to read the metrics from another machine.');
  response.writeHead(200, { 'content-type': registry.contentType });
  response.end(await registry.metrics());
}

const digest = (text: string) => createHash('sha256').update(text).digest();
const isSame = (one: string, other: string) => timingSafeEqual(digest(one), digest(other));
