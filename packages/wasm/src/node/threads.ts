import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { Thread, ThreadHost } from '../threads/thread.js';

/**
 * What says whether a thread has ended; called while it lives. The thread itself says so through the event loop, which does not turn
 * while this one waits for a kernel. But the clock of its own loop, which must have been read once before, is gone by then.
 */
function watch(worker: Worker): () => boolean {
  worker.performance.eventLoopUtilization();
  return () => worker.threadId < 0 || worker.performance.eventLoopUtilization().idle < 0;
}

/** A thread of Node, which says something once it has its assignment and serves. */
export function threadOf(worker: Worker): Thread {
  let hasEnded = (): boolean => false;
  const ready = new Promise<void>((resolve, reject) => {
    worker.once('message', () => {
      hasEnded = watch(worker);
      resolve();
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`it ended with exit code ${code}`));
    });
  });
  // A thread that waits for work keeps no program from ending; one that starts is waited for.
  const unref = (): void => {
    worker.unref();
  };
  ready.then(unref, unref);
  return {
    assign: (assignment) => {
      worker.postMessage(assignment);
      return ready;
    },
    hasEnded: () => hasEnded(),
    end: () => void worker.terminate(),
  };
}

/** Threads of Node. */
export const threads: ThreadHost = {
  startThread: (number): Thread =>
    threadOf(
      new Worker(new URL('./worker.js', import.meta.url), {
        name: `Elbo, thread ${number + 1}`,
        // What this program was told at its start, such as to load a module first, is not for this thread.
        execArgv: [],
        env: SHARE_ENV,
      }),
    ),
  maySleep: () => true,
};
