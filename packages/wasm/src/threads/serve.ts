// What the threads of a pool but the first do all their life: they take parts of jobs, and sleep where there are none.
import type { SideModule } from '../side_exports.js';
import { partsLeft, take, words } from './control.js';
import { functionsOf, perform, type Hand } from './job.js';

/** What a thread is given. Everything in it but the number is shared by all. */
export interface Assignment {
  readonly thread: number;
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly control: Int32Array;
  readonly job: Float64Array;
}

/**
 * For so many milliseconds a thread looks for another job before it sleeps: longer than lies between two kernels of a training,
 * for to wake it can take a millisecond, and no longer, for looking takes a core.
 */
const awake = 2;

/** How often it looks before it asks what time it is. */
const looks = 1000;

/** Serves for ever, once `ready` has been called. */
export function serve(
  { thread, memory, module, control, job }: Assignment,
  ready: () => void,
): never {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const hand: Hand = { functions: functionsOf(exports as unknown as SideModule), job, thread };
  ready();
  for (;;) {
    const claim = Atomics.load(control, words.claim);
    if (partsLeft(claim) > 0) work(hand, control, claim);
    else idle(control, claim);
  }
}

/** Takes a part of the job and does it, unless another thread was faster. */
export function work(hand: Hand, control: Int32Array, claim: number): void {
  const busy = words.busy + hand.thread;
  Atomics.store(control, busy, 1);
  const part = take(control, claim);
  if (part >= 0) finish(hand, control, part);
  Atomics.store(control, busy, 0);
}

/** Does a part that is taken. */
function finish(hand: Hand, control: Int32Array, part: number): void {
  try {
    perform(hand, part);
  } catch {
    Atomics.store(control, words.failed, 1);
  }
  Atomics.sub(control, words.unfinished, 1);
  if (Atomics.load(control, words.waiting) === 1) Atomics.notify(control, words.unfinished);
}

/** Waits until another job has begun: awake at first, for the next one mostly comes at once. */
function idle(control: Int32Array, claim: number): void {
  if (changes(control, words.claim, claim, awake)) return;
  Atomics.add(control, words.sleeping, 1);
  Atomics.wait(control, words.claim, claim);
  Atomics.sub(control, words.sleeping, 1);
}

/** Whether a word changes within so many milliseconds. */
export function changes(
  control: Int32Array,
  word: number,
  from: number,
  milliseconds: number,
): boolean {
  const end = performance.now() + milliseconds;
  do for (let i = 0; i < looks; i++) if (Atomics.load(control, word) !== from) return true;
  while (performance.now() < end);
  return false;
}
