import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import type { Config } from './config.ts';
import { sendJson } from './http.ts';

/** What a page of the console may load, ask and be shown in: this server alone. Its styles and GraphiQL's workers are made in the page. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' https: data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

/** Serves the built console; a path without a file is a page of the console and gets its index. */
export async function serveFile(path: string, { root }: Pick<Config, 'root'>, response: ServerResponse) {
  const folder = join(root, 'admin/dist');
  let decoded = '/';
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return sendJson(response, 400, { message: 'The path is not readable.' });
  }
  const wanted = normalize(join(folder, decoded));
  const file =
    wanted.startsWith(folder + sep) && (await isFile(wanted))
      ? wanted
      : extname(decoded)
        ? undefined
        : join(folder, 'index.html');
  if (!file || !(await isFile(file)))
    return sendJson(response, 404, {
      message: 'There is nothing at this address. The console is built by "npm run build".',
    });
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    // Built assets carry their hash in the name.
    'cache-control': file.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': POLICY,
  });
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

const isFile = async (path: string) => (await stat(path).catch(() => null))?.isFile() ?? false;
