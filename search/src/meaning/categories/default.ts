import { readFileSync } from 'node:fs';
import { projectFile } from '../projectFile.ts';
import { deserialize, type Learned } from './file.ts';

const FILE = 'search/model/categories.bin';

/** What ships: learned from the categories that authors of real listings ticked. Undefined where the file is missing. Read anew at each call. */
export function defaultLearned(): Learned | undefined {
  const file = projectFile(FILE);
  return file === undefined ? undefined : deserialize(readFileSync(file));
}
