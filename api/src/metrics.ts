import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export const registry = new Registry();
collectDefaultMetrics({ register: registry, prefix: 'kith_' });

export const requestSeconds = new Histogram({
  name: 'kith_request_seconds',
  help: 'Time to answer a GraphQL request over HTTP, by kind of operation and outcome.',
  labelNames: ['operation', 'outcome'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
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
