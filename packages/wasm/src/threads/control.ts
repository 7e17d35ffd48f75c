// What the threads of a pool say to each other: a few words that all of them see, changed by atomic operations only.
//
// A job is a number of parts, done by whoever takes them. The word `claim` holds the job's number and how many of its parts
// nobody has taken; to take one is to make it smaller by one, which fails where another thread was faster. What the job
// is, a thread reads only when it has taken a part: until that part is done, no other job begins. So nobody waits for a
// thread that sleeps, or that the system has set aside, unless it holds a part.

/** The places of the words. */
export const words = {
  claim: 0,
  /** Parts that are not done. */
  unfinished: 1,
  /** Threads that sleep until `claim` changes. */
  sleeping: 2,
  /** 1 while the first thread sleeps until `unfinished` changes. */
  waiting: 3,
  /** 1 once a part of the job has failed. */
  failed: 4,
  /** Of each thread, from here on: 1 while it may hold a part. */
  busy: 5,
} as const;

/** How many words a pool has. */
export const wordCount = (threads: number): number => words.busy + threads;

/** The bits of `claim` that count parts; the others are the job's number, modulo what they hold. */
const partBits = 10;

/** The most parts of a job. */
export const mostParts: number = (1 << partBits) - 1;

/** The word of a job of so many parts, which comes after another. */
export function nextClaim(claim: number, parts: number): number {
  return (((claim >>> partBits) + 1) << partBits) | parts | 0;
}

/** How many parts of the job nobody has taken. */
export const partsLeft = (claim: number): number => claim & mostParts;

/** Takes a part of the job of this word, and gives its number; or −1 where another thread was faster. */
export function take(control: Int32Array, claim: number): number {
  const found = Atomics.compareExchange(control, words.claim, claim, claim - 1);
  return found === claim ? partsLeft(claim) - 1 : -1;
}
