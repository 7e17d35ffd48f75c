import { DataError } from '@elbo/core';
import { decodeOne } from './decode_one.js';
import type { Decoded, Outcome, Skipped } from './decoded.js';
import type { ImageFile } from './image_file.js';
import type { ImageHome } from './read_file.js';
import type { ImageReading } from './read_image.js';
import { decodeInThreads } from './threads.js';

/** The most bytes that the images of a split take in memory. */
const mostBytes = 2 ** 32;

/** How decoding is watched. */
export interface Watch {
  readonly onStatus?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes files into rows of bytes: in threads where that pays, what is large in turn. A file that is broken is left out.
 *
 * @param reading whether colours become greys; by default they do where no image shows any.
 * @throws DataError when they would not fit in memory.
 */
export async function decodeAll(
  home: ImageHome,
  files: readonly ImageFile[],
  { grey, ...reading }: Omit<ImageReading, 'grey'> & { readonly grey: boolean | undefined },
  { onStatus, signal }: Watch,
): Promise<Decoded> {
  const [height, width] = reading.size;
  const length = height * width * (grey === true ? 1 : 3);
  if (files.length * length > mostBytes)
    throw new DataError(
      `${home.path}: ${files.length} images of ${height}×${width} pixels would take ${Math.ceil((files.length * length) / 2 ** 30)} GiB: read them smaller, by the option 'size' (--size at the command).`,
    );
  const memory = new SharedArrayBuffer(files.length * length);
  const whole: ImageReading = { ...reading, grey: grey === true };
  const outcomes = new Array<Outcome | undefined>(files.length);
  let done = 0;
  const decoded = (number: number, outcome: Outcome | undefined): void => {
    outcomes[number] = outcome;
    done += Number(outcome !== undefined);
    if (done % 16 === 0) onStatus?.(`Reading images: ${done} of ${files.length}`);
  };
  await decodeInThreads({ home, reading: whole, memory, length }, files, decoded, signal);
  for (const [number, file] of files.entries()) {
    if (outcomes[number]) continue;
    signal?.throwIfAborted();
    const into = new Uint8Array(memory, number * length, length);
    // What is too large even so, its reader refuses by its header.
    decoded(number, await decodeOne(home, file, whole, into, Infinity));
  }
  return gathered(files, outcomes, new Uint8Array(memory), length, grey);
}

/** Rows without gaps, in the memory that they are in; in one channel where no image shows a colour. */
function gathered(
  files: readonly ImageFile[],
  outcomes: readonly (Outcome | undefined)[],
  memory: Uint8Array,
  length: number,
  grey: boolean | undefined,
): Decoded {
  const kept: number[] = [];
  const skipped: Skipped[] = [];
  let coloured = grey === false;
  for (const [number, { path }] of files.entries()) {
    const outcome = outcomes[number] ?? { why: 'it is too large to decode' };
    if ('why' in outcome) skipped.push({ path, why: outcome.why });
    else {
      kept.push(number);
      coloured ||= outcome.coloured;
    }
  }
  const thin = grey === undefined && !coloured;
  const each = thin ? length / 3 : length;
  // What moves comes nearer to the begin, so that nothing is lost that is still to move.
  kept.forEach((number, row) => {
    const [from, to] = [number * length, row * each];
    if (thin) for (let i = 0; i < each; i++) memory[to + i] = memory[from + 3 * i]!;
    else memory.copyWithin(to, from, from + length);
  });
  const pixels = memory.subarray(0, kept.length * each);
  return { channels: coloured ? 3 : 1, pixels, kept, skipped };
}
