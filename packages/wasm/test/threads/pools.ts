// Pools of threads over a memory of the test's own, with an allocator that never frees.
import type { SideModule } from '../../dist/side_exports.js';
import { bestInstructions, loadSideModule } from '../../dist/side_module.js';
import { threads as host } from '../../dist/node/threads.js';
import { startPool, type Pool } from '../../dist/threads/pool.js';
import { roomsOf } from '../../dist/threads/rooms.js';
import { share } from '../../dist/threads/share.js';

/** A side module alone and on threads, in one memory. */
export interface World {
  readonly memory: WebAssembly.Memory;
  readonly side: SideModule;
  /** The same on threads, which share whatever can be shared. */
  readonly shared: SideModule;
  readonly pool: Pool;
  /** The address of room for so many numbers. */
  allocate(floats: number): number;
  /** The address of these numbers. */
  write(numbers: ArrayLike<number>): number;
  read(address: number, floats: number): Uint32Array;
}

/** Starts a world with so many threads. */
export async function startWorld(threads: number): Promise<World> {
  const memory = new WebAssembly.Memory({ initial: 2048, maximum: 65536, shared: true });
  const loading = loadSideModule(memory, bestInstructions());
  const { side } = await loading;
  const pool = await startPool(
    host,
    loading.then((loaded) => ({ ...loaded, memory })),
    threads,
  );
  let next = 1024;
  const allocate = (floats: number): number => {
    const address = next;
    next += Math.ceil((floats * 4 + 64) / 64) * 64;
    const missing = next - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 2 ** 16));
    return address;
  };
  const room = (): ((bytes: number) => number) => {
    let [address, size] = [0, 0];
    return (bytes) => {
      if (bytes > size) [address, size] = [allocate(bytes / 4), bytes];
      return address;
    };
  };
  const rooms = roomsOf([room(), room()], threads);
  const shared = share(side, { pool, rooms, isWorth: () => true, memory });
  return {
    memory,
    side,
    shared,
    pool,
    allocate,
    write: (numbers) => {
      const address = allocate(numbers.length);
      new Float32Array(memory.buffer, address, numbers.length).set(numbers);
      return address;
    },
    read: (address, floats) => new Uint32Array(memory.buffer, address, floats).slice(),
  };
}
