import { DataError, messageOf } from '@elbo/core';
import { unzipSync } from 'fflate';
import { parseNpy, type NumericArray } from './npy.js';

/** No more than this is unpacked: a hostile file could grow a thousandfold. */
const mostBytes = 2 ** 31;

/**
 * Reads NumPy's .npz, a zip archive of .npy files: the arrays by name, without '.npy'. Those that `wanted` does not take are
 * neither unpacked nor checked.
 *
 * @throws DataError for an archive that is corrupt, or has too much in it, and as `parseNpy`.
 */
export function parseNpz(
  bytes: Uint8Array,
  where: string,
  wanted: (name: string) => boolean = () => true,
): ReadonlyMap<string, NumericArray> {
  let size = 0;
  const files = unzipped(bytes, where, ({ name, originalSize }) => {
    if (!name.endsWith('.npy') || !wanted(nameOf(name))) return false;
    size += originalSize;
    if (size > mostBytes)
      throw new DataError(
        `${where}: its arrays would unpack to more than ${mostBytes / 2 ** 30} GiB. Save fewer, or as one .npy file.`,
      );
    return true;
  });
  return new Map(
    Object.entries(files).map(([name, content]) => [
      nameOf(name),
      parseNpy(content, `${where}: ${name}`),
    ]),
  );
}

/** The names of the arrays in an archive. */
export function namesInNpz(bytes: Uint8Array, where: string): readonly string[] {
  const names: string[] = [];
  unzipped(bytes, where, ({ name }) => {
    if (name.endsWith('.npy')) names.push(nameOf(name));
    return false;
  });
  return names;
}

const nameOf = (file: string): string => file.slice(0, -'.npy'.length);

function unzipped(
  bytes: Uint8Array,
  where: string,
  filter: NonNullable<Parameters<typeof unzipSync>[1]>['filter'],
): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { ...(filter && { filter }) });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(
      `${where}: it is no zip archive that can be read (${messageOf(error)}). Save or copy it again.`,
      { cause: error },
    );
  }
}
