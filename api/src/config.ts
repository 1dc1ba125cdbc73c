import { dirname, isAbsolute, join } from 'node:path';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type EmbedderConfig } from '@kith/search';
import { z } from 'zod';

/** A setting that cannot be used; the message names the variable and says what it takes. */
export class ConfigurationError extends Error {}

const number = (least: number, most: number, standard: number) =>
  z.coerce
    .number({ message: `takes a number from ${least} to ${most}` })
    .int(`takes a whole number`)
    .min(least, `is at least ${least}`)
    .max(most, `is at most ${most}`)
    .default(standard);
const url = (schemes: string[]) =>
  z
    .string()
    .refine(
      (text) => schemes.some((scheme) => text.startsWith(`${scheme}://`)) && URL.canParse(text),
      `takes an address that begins with ${schemes.map((s) => `${s}://`).join(' or ')}`,
    );
const onOff = (standard: 'on' | 'off') =>
  z
    .enum(['on', 'off'], { message: 'takes on or off' })
    .default(standard)
    .transform((value) => value === 'on');

/** Every setting of the API, by the name of its environment variable. The README's table is made of the same lines. */
const settings = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: number(0, 65535, 4000),
  PUBLIC_URL: url(['http', 'https']).optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: url(['postgres', 'postgresql']).optional(),
  DATABASE_APP_URL: url(['postgres', 'postgresql']).optional(),
  DATABASE_POOL: number(2, 500, 20),
  MEILI_URL: url(['http', 'https']).optional(),
  MEILI_KEY: z.string().optional(),
  MEILI_INDEX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/, 'takes up to 100 letters, digits, - and _')
    .default('kith_listings'),
  SEARCH_ENGINE: z
    .enum(['auto', 'postgres', 'meilisearch'], { message: 'takes auto, postgres or meilisearch' })
    .default('auto'),
  EMBEDDER: z.enum(['embedded', 'openai', 'none'], { message: 'takes embedded, openai or none' }).default('embedded'),
  EMBEDDING_URL: url(['http', 'https']).optional(),
  EMBEDDING_MODEL: z.string().max(200, 'takes up to 200 characters').optional(),
  EMBEDDING_KEY: z.string().optional(),
  SMTP_URL: url(['smtp', 'smtps']).optional(),
  MAIL_FROM: z.string().min(3).default('Kith <kith@localhost>'),
  SESSION_DAYS: number(1, 3650, 30),
  WORKER: onOff('on'),
  WORKER_CONCURRENCY: number(1, 64, 2),
  DEMO: onOff('on'),
  CORS_ORIGINS: z
    .string()
    .default('*')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    ),
  TRUST_PROXY: onOff('off'),
  MAX_BODY_BYTES: number(1024, 104_857_600, 1_048_576),
  MAX_UPLOAD_BYTES: number(1024, 10_737_418_240, 209_715_200),
  MAX_QUERY_DEPTH: number(3, 50, 12),
  MAX_QUERY_COMPLEXITY: number(50, 1_000_000, 5000),
  REQUEST_TIMEOUT_SECONDS: number(1, 600, 30),
  REQUESTS_PER_MINUTE: number(10, 10_000_000, 1200),
  SOCKETS_PER_ADDRESS: number(1, 1_000_000, 1000),
  METRICS_TOKEN: z.string().min(16, 'takes at least 16 characters').optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      message: 'takes fatal, error, warn, info, debug, trace or silent',
    })
    .default('info'),
});
export type Config = z.output<typeof settings> & { root: string; dataDir: string };

/** Reads the settings once, at the start. Throws a ConfigurationError with one sentence for each wrong variable. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    throw new ConfigurationError(
      parsed.error.issues
        .map((issue) => `${issue.path.join('.')} ${issue.message} (it is "${shown(issue.path[0], given)}").`)
        .join('\n'),
    );
  }
  const root = projectRoot();
  const { DATA_DIR } = parsed.data;
  const config = { ...parsed.data, root, dataDir: isAbsolute(DATA_DIR) ? DATA_DIR : join(root, DATA_DIR) };
  embedderOf(config);
  return config;
}

// What is wrong is printed and logged; a secret is not.
const shown = (name: PropertyKey | undefined, given: Record<string, string | undefined>) =>
  /KEY|TOKEN/.test(String(name)) ? '…' : (given[String(name)] ?? '');

/** Which embedder the settings name. Throws a ConfigurationError where a server is meant and not named. */
export function embedderOf({ EMBEDDER: kind, ...settings }: Config): EmbedderConfig {
  if (kind !== 'openai') return { kind };
  const { EMBEDDING_URL: url, EMBEDDING_MODEL: model, EMBEDDING_KEY: key } = settings;
  if (!url || !model)
    throw new ConfigurationError('EMBEDDER=openai needs EMBEDDING_URL (as https://…/v1) and EMBEDDING_MODEL.');
  return { kind, url, model, key };
}

/** The checkout: the folder above this file that holds the migrations, from source and from the bundle alike. */
function projectRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'prisma/migrations'))) return folder;
    if (folder === dirname(folder))
      throw new ConfigurationError('The project folder with prisma/migrations was not found above this program.');
  }
}
