import { threads as host } from '#threads';
import { memoryOf, type WasmBackend } from '../backend.js';
import { growing } from '../machine.js';
import type { SideModule } from '../side_exports.js';
import { isShared, type Loaded } from '../side_module.js';
import { mostParts } from './control.js';
import { startPool, type Pool } from './pool.js';
import { roomsOf } from './rooms.js';
import { share } from './share.js';
import { measureWorth, type Worth } from './worth.js';

/** A side module on threads. */
export interface Threaded {
  readonly side: SideModule;
  readonly threads: number;
  /** Why there are fewer threads than were asked for. */
  readonly fewer?: string;
}

/** A job has at most two parts a thread, and few more. */
const most = Math.floor(mostParts / 4);

/** Ends the threads of a pool with the backend that they compute for. */
function endWith(backend: WasmBackend, pool: Pool): void {
  const dispose = backend.dispose.bind(backend);
  backend.dispose = () => {
    pool.close();
    dispose();
  };
}

/** A side module whose functions run on at most so many threads, or on this one alone where there can be no others. */
export async function onThreads(
  backend: WasmBackend,
  loading: Promise<Loaded>,
  wanted: number,
): Promise<Threaded> {
  const alone = async (fewer: string): Promise<Threaded> => ({
    side: (await loading).side,
    threads: 1,
    fewer,
  });
  if (wanted <= 1) return { side: (await loading).side, threads: 1 };
  const memory = memoryOf(backend);
  if (!isShared(memory)) return alone('the memory of the backend is not shared');
  const parts = loading.then((loaded) => ({ ...loaded, memory }));
  let pool: Pool;
  try {
    pool = await startPool(host, parts, Math.min(wanted, most));
  } catch (error) {
    return alone(
      `its threads do not start: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  endWith(backend, pool);
  const { side } = await loading;
  const rooms = roomsOf([growing(backend), growing(backend)], pool.threads);
  const saves = measureWorth(pool, side, rooms);
  const isWorth: Worth = (nanoseconds, bytes) => saves(nanoseconds, bytes) && !pool.isHeldUp();
  return { side: share(side, { pool, rooms, isWorth, memory }), threads: pool.threads };
}
