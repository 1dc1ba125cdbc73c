import { readFileSync } from 'node:fs';
import { projectFile } from '../projectFile.ts';
import { deserializeServices, type LearnedServices } from './file.ts';

const FILE = 'search/model/services.bin';

/** What ships, made of search/model/services. Undefined where the file is missing. Read anew at each call. */
export function defaultServices(): LearnedServices | undefined {
  const file = projectFile(FILE);
  return file === undefined ? undefined : deserializeServices(readFileSync(file));
}
