import { DataError } from '@elbo/core';
import { openRegular, isMissing, reasonOf } from '@elbo/files';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatOf, signatureLength } from '../../formats/image/format_of.js';
import { isHidden, isImageName, type ImageFile } from './image_file.js';

/** What lies in a folder. */
interface Listed {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

async function list(folder: string): Promise<Listed> {
  const [folders, files]: [string[], string[]] = [[], []];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name } = entry;
    if (isHidden(name)) continue;
    const is = entry.isSymbolicLink() ? await linked(join(folder, name)) : entry;
    if (is?.isDirectory()) folders.push(name);
    else if (is?.isFile()) files.push(name);
  }
  return { folders, files };
}

/** What a link leads to; `undefined` where it leads nowhere. */
async function linked(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The first bytes of a file say that it is an image of a format that is read, whatever its name. */
async function beginsAsImage(path: string): Promise<boolean> {
  const file = await openRegular(path);
  try {
    const head = new Uint8Array(signatureLength);
    await file.read(head, 0, signatureLength, 0);
    return ['png', 'jpeg'].includes(formatOf(head) ?? '');
  } finally {
    await file.close();
  }
}

/** Files that are looked at at once. */
const together = 32;

/** A file that may be an image. */
async function imageAt(root: string, path: string): Promise<ImageFile | undefined> {
  const place = join(root, path);
  if (!isImageName(path) && !(await beginsAsImage(place))) return undefined;
  const { size, mtimeMs, ctimeMs } = await stat(place);
  return { path, size, stamp: `${mtimeMs} ${ctimeMs}` };
}

/** The files below a folder that may be images, in the order of their paths, one after the other. */
export async function* imagesBelow(root: string): AsyncGenerator<ImageFile> {
  const seen = new Set<string>();
  async function* below(under: string): AsyncGenerator<ImageFile> {
    const folder = join(root, under);
    // A link back up would go round for ever.
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    const { folders, files } = await list(folder);
    for (let at = 0; at < files.length; at += together) {
      const some = files.slice(at, at + together);
      const found = await Promise.all(some.map((name) => imageAt(root, under + name)));
      for (const image of found) if (image) yield image;
    }
    for (const name of folders) yield* below(`${under}${name}/`);
  }
  try {
    yield* below('');
  } catch (error) {
    throw new DataError(`${root}: it cannot be read (${reasonOf(error)}).`, { cause: error });
  }
}
