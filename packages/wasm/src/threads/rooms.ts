/** Scratch memory for a pool. */
export interface Rooms {
  /** So many bytes for each thread: the address of the first's, and how far apart they are, until the next call. */
  take(bytes: number): { readonly address: number; readonly apart: number };
  /** The address of so many bytes for all of them, until the next call. */
  common(bytes: number): number;
}

/** Bytes of a cache line, of which no two threads are to write to one. */
const line = 64;

/** Rooms in a memory, of two allocators whose room is theirs until the next call. */
export function roomsOf(
  [own, common]: readonly [(bytes: number) => number, (bytes: number) => number],
  threads: number,
): Rooms {
  return {
    take: (bytes) => {
      const apart = (Math.ceil(bytes / line) + 1) * line;
      return { address: own(apart * threads), apart };
    },
    common,
  };
}
