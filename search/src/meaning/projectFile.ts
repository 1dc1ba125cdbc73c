import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the project by its path from the root, from source and from a bundle alike; undefined where it is missing. */
export function projectFile(fromRoot: string): string | undefined {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const file = path.join(folder, fromRoot);
    if (existsSync(file)) return file;
    if (folder === path.dirname(folder)) return undefined;
  }
}
