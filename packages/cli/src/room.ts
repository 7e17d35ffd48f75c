import { countParameters, formatBytes, MemoryError } from '@elbo/core';
import { conditionShape, type Dataset } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import { key } from '@elbo/random';
import { sizeOf } from '@elbo/core';
import { availableParallelism, totalmem } from 'node:os';
import type { ResolvedConfig } from './run_config.js';
import { UsageError } from './usage.js';

/** Memory that there is, and what of. */
export interface Room {
  readonly bytes: number;
  readonly of: string;
}

/** What tensors and arrays of this process may take. */
export function roomOn(backend: string): Room {
  const limited = process.constrainedMemory();
  // Without a limit it is 0, or more than there is.
  const machine = limited > 0 && limited < totalmem() ? limited : totalmem();
  const address = 2 ** 32;
  return backend === 'wasm' && address < machine
    ? { bytes: address, of: 'that WebAssembly can address' }
    : { bytes: machine, of: 'of memory' };
}

/** @throws UsageError when what was asked for takes more than there is: with both figures, and what to lower. */
export function expectRoom(what: string, bytes: number, { bytes: most, of }: Room, how: string): void {
  if (bytes > most)
    throw new UsageError(
      `${what} take${/s$/.test(what.split(' of ')[0]!) ? '' : 's'} about ${formatBytes(bytes)}, and there are ${formatBytes(most)} ${of}: ${how}.`,
    );
}
