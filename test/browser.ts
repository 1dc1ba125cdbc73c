import { chromium, type Browser } from 'playwright-core';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Why there is no browser for the tests here; undefined when there is one. */
export const noBrowser: string | undefined =
  process.env.CHROME_PATH || (process.platform === 'linux' && process.arch === 'x64')
    ? undefined
    : `needs a browser: CHROME_PATH names a Chrome or Chromium (the one from npm runs on linux x64, this is ${process.platform} ${process.arch})`;

/** Starts the browser that CHROME_PATH names, else the headless Chromium that npm brought. */
export async function launchBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'];
  const named = process.env.CHROME_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROME_PATH names ${named}, which is not there.`);
    return chromium.launch({ executablePath: named, args });
  }
  const folder = await unpacked();
  return chromium.launch({
    executablePath: path.join(folder, 'chromium'),
    args,
    // The package carries its own shared libraries and fonts, so that nothing has to be installed on the machine.
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [path.join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      FONTCONFIG_PATH: path.join(folder, 'fonts'),
    },
  });
}

const UNPACK_WITHIN_MS = 120_000;

/** Unpacks the browser once for each version, into a folder of the project. Runs that start together do not meet half a browser. */
async function unpacked(): Promise<string> {
  const browsers = path.join(HERE, '../.data/browser');
  const folder = path.join(browsers, versionOfPackage());
  if (existsSync(folder)) return folder;
  await mkdir(browsers, { recursive: true });
  const own = await mkdtemp(path.join(browsers, 'unpacking-'));
  // The package unpacks into the temporary folder of its process, libraries only where it believes to be on Lambda.
  await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', "await (await import('@sparticuz/chromium')).default.executablePath()"],
    {
      cwd: HERE,
      env: { ...process.env, TMPDIR: own, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
      timeout: UNPACK_WITHIN_MS,
    },
  );
  // Its own configuration looks for the fonts in a folder of Lambda.
  await writeFile(
    path.join(own, 'fonts/fonts.conf'),
    `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>\n`,
  );
  try {
    await rename(own, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    await rm(own, { recursive: true });
  }
  return folder;
}

function versionOfPackage(): string {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const { version } = createRequire(main)('../../package.json') as { version: string };
  return version;
}
