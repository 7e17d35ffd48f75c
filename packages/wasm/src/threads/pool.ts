// Threads that share a backend's memory, and a job at a time among them.
import { WasmError } from '../errors.js';
import type { SideModule } from '../side_exports.js';
import { nextClaim, partsLeft, wordCount, words } from './control.js';
import { functionsOf, jobNumbers, partsOf, writeJob, type Hand, type Job } from './job.js';
import { changes, work } from './serve.js';
import type { Thread, ThreadHost } from './thread.js';

/** Threads that do jobs together. */
export interface Pool {
  /** How many there are, with this one. */
  readonly threads: number;
  /** Does a job, and returns when all of it is done. @throws WasmError when a part fails, or a thread has ended in it. */
  run(job: Job): void;
  /**
   * Whether other programs have the cores: parts came so late that this thread had better compute alone for a while.
   */
  isHeldUp(): boolean;
  /** Ends the other threads. */
  close(): void;
}

/** What a pool is made of. */
interface Parts {
  readonly side: SideModule;
  /** The side module, compiled for shared memory. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** For so many milliseconds a thread looks for the others' parts before it sleeps: a part may end later than its own. */
const lookout = 0.3;

/**
 * A thread that waits for longer than it has computed, and for more than so many milliseconds, waits for one that the system has
 * set aside, for some of its time slices. Each such wait costs so many times its length of computing alone, so that
 * waiting costs a tenth of all time at most, however many programs want the cores.
 */
const late = 1;
const alone = 10;

/** After so many milliseconds of sleep it is asked whether the other threads live. */
const patience = 1000;

const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);

/**
 * Starts a pool of so many threads, this one among them, while what it is made of is loading.
 *
 * @throws whatever keeps one of them from starting; none is left then.
 */
export async function startPool(
  host: ThreadHost,
  loading: Promise<Parts>,
  threads: number,
): Promise<Pool> {
  const control = new Int32Array(shared(wordCount(threads) * Int32Array.BYTES_PER_ELEMENT));
  const job = new Float64Array(shared(jobNumbers * Float64Array.BYTES_PER_ELEMENT));
  const others: Thread[] = [];
  const close = (): void => {
    for (const other of others.splice(0)) other.end();
  };
  try {
    for (let thread = 1; thread < threads; thread++) others.push(host.startThread(thread));
    const { module, memory } = await loading;
    const assigned = others.map((other, i) =>
      other.assign({ thread: i + 1, memory, module, control, job }),
    );
    await Promise.all(assigned);
  } catch (error) {
    close();
    throw error;
  }
  const { side } = await loading;
  const own: Hand = { functions: functionsOf(side), job, thread: 0 };
  const maySleep = host.maySleep();
  const hasLostOne = (): boolean =>
    others.some((other, i) => Atomics.load(control, words.busy + i + 1) === 1 && other.hasEnded());
  let aloneUntil = 0;
  return {
    threads,
    run: (next) => {
      const start = performance.now();
      writeJob(job, next);
      begin(control, partsOf(next));
      for (;;) {
        const claim = Atomics.load(control, words.claim);
        if (partsLeft(claim) === 0) break;
        work(own, control, claim);
      }
      const computed = performance.now();
      awaitOthers(control, maySleep, hasLostOne);
      const end = performance.now();
      const waited = end - computed;
      if (waited > late && waited > computed - start) aloneUntil = end + alone * waited;
    },
    isHeldUp: () => aloneUntil > 0 && performance.now() < aloneUntil,
    close,
  };
}

/** Lets the threads have the job that is written. */
function begin(control: Int32Array, parts: number): void {
  Atomics.store(control, words.failed, 0);
  Atomics.store(control, words.unfinished, parts);
  Atomics.store(control, words.claim, nextClaim(Atomics.load(control, words.claim), parts));
  if (Atomics.load(control, words.sleeping) > 0) Atomics.notify(control, words.claim, parts - 1);
}

/** Waits for the parts that other threads have taken. */
function awaitOthers(control: Int32Array, maySleep: boolean, hasLostOne: () => boolean): void {
  for (;;) {
    const unfinished = Atomics.load(control, words.unfinished);
    if (unfinished === 0) break;
    if (changes(control, words.unfinished, unfinished, lookout) || !maySleep) continue;
    Atomics.store(control, words.waiting, 1);
    const woken = Atomics.wait(control, words.unfinished, unfinished, patience);
    Atomics.store(control, words.waiting, 0);
    if (woken === 'timed-out' && hasLostOne())
      throw new WasmError(
        'A thread of the WebAssembly backend has ended in the middle of a kernel, and what it computed is lost: start the program again, from its last checkpoint.',
      );
  }
  if (Atomics.load(control, words.failed) === 1)
    throw new WasmError('A kernel of the WebAssembly backend failed in one of its threads.');
}
