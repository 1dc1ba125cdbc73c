import pino from 'pino';

/** One logger; its level is set from the configuration at start. Secrets never reach it: requests are logged without variables. */
export const log = pino({
  name: 'kith',
  level: process.env.LOG_LEVEL ?? 'info',
  base: undefined,
  serializers: { error: pino.stdSerializers.err },
});
