import { localId } from '../builder.ts';

/** The uuid in a global id that may be left out; one that names nothing of that type is not there. */
export const idIn = (type: string, id: string | null | undefined): string | undefined =>
  id === null || id === undefined ? undefined : localId(type, id);
