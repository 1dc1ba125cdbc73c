import { bytesOf, floats, readPacked, row, symmetric } from '../categories/packed.ts';
import type { ServicesModel } from './model.ts';

/** What ships of the services: numbers and names, tied to the embedder whose vectors they are of. */
export interface LearnedServices extends ServicesModel {
  embedder: string;
}

const FORMAT = 'kith-services-3';

const KINDS = ['WANT', 'OFFER'] as const;

type Header = { format: string; embedder: string; dimensions: number; names: readonly string[] };

/** Directions, and what the vectors' have in common, in 8 bits; means, variances and levels as 32-bit floats. */
export function serializeServices({ embedder, names, wording, directions, levels }: LearnedServices): Uint8Array {
  const { dimensions, mean, within } = wording;
  const header: Header = { format: FORMAT, embedder, dimensions, names };
  const rows = KINDS.flatMap((kind) =>
    names.flatMap((_, place) => row(directions[kind].subarray(place * dimensions, (place + 1) * dimensions))),
  );
  return bytesOf(header, [floats(mean), ...symmetric(within, dimensions), ...rows, floats(levels)]);
}

/** Throws where the bytes are not such a file. */
export function deserializeServices(bytes: Uint8Array): LearnedServices {
  const { header, takeFloats, takeRow, takeSymmetric } = readPacked<Header>(bytes, 'services');
  if (header.format !== FORMAT)
    throw new Error(`The file of services is of another form than ${FORMAT}; make it anew.`);
  const { embedder, dimensions, names } = header;
  const wording = { dimensions, mean: takeFloats(dimensions), within: takeSymmetric(dimensions) };
  const takeDirections = () => {
    const directions = new Float32Array(names.length * dimensions);
    names.forEach((_, place) => directions.set(takeRow(dimensions), place * dimensions));
    return directions;
  };
  const [WANT, OFFER] = [takeDirections(), takeDirections()];
  return { embedder, names, wording, directions: { WANT, OFFER }, levels: Float32Array.from(takeFloats(names.length)) };
}
