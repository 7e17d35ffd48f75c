import { messageOf } from '@elbo/core';
import { Worker } from 'node:worker_threads';
import type { Assignment, Reply, Request } from './messages.js';
import { WorkerError } from './worker_error.js';

/** A worker in a thread of its own, as the thread that trains sees it. */
export interface Thread {
  /** Why it no longer works, once it does not. */
  readonly failure: WorkerError | undefined;
  post(request: Request): void;
  /** Posts what is answered. Of a thread that stops before its answer there is none, and `failure` says why. */
  ask(request: Request): Promise<Reply | undefined>;
  close(): Promise<void>;
}

/** Node's exit code of a thread that waits while nothing is left that could end its wait. */
const unsettled = 13;

/** What to do about errors of the system's, by their code. */
const advice: ReadonlyMap<unknown, string> = new Map([
  ['ERR_WORKER_OUT_OF_MEMORY', '. Try fewer workers, or less data.'],
  ['ERR_WORKER_INIT_FAILED', '. The system has no room for another thread: try fewer workers.'],
]);

const reasonOf = (error: unknown): string =>
  messageOf(error) + (advice.get((error as { readonly code?: unknown } | null)?.code) ?? '');

function begin(workerData: Assignment, name: string): Worker {
  try {
    return new Worker(new URL('./worker.js', import.meta.url), { workerData, name });
  } catch (error) {
    throw new WorkerError(`${name} cannot start: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * Starts a worker's thread.
 *
 * @throws WorkerError when it cannot rebuild its model and data, or has no backend.
 */
export async function startThread(assignment: Assignment): Promise<Thread> {
  const name = `Worker ${assignment.worker + 1} of ${assignment.workers}`;
  const worker = begin(assignment, name);
  const waiting: ((reply: Reply | undefined) => void)[] = [];
  let failure: WorkerError | undefined;

  const fail = (message: string, cause?: unknown): void => {
    failure ??= new WorkerError(message, { cause });
  };
  const answered = (reply: Reply | undefined): void => {
    waiting.shift()?.(reply);
    // An idle thread keeps no program from ending.
    if (waiting.length === 0) worker.unref();
  };
  const answer = (): Promise<Reply | undefined> => {
    if (failure) return Promise.resolve(undefined);
    worker.ref();
    return new Promise((resolve) => waiting.push(resolve));
  };
  worker.on('message', (reply: Reply) => {
    if (reply.kind === 'failed') fail(`${name} failed: ${reply.reason}`);
    answered(reply.kind === 'failed' ? undefined : reply);
  });
  worker.on('error', (error) => {
    fail(`${name} stopped: ${reasonOf(error)}`, error);
  });
  worker.on('exit', (code) => {
    fail(
      code === unsettled
        ? `${name} stopped: it waited for what never came. What there was no memory for may be the reason: try fewer workers.`
        : `${name} stopped: its thread ended with exit code ${code}.`,
    );
    while (waiting.length > 0) answered(undefined);
  });

  const thread: Thread = {
    get failure() {
      return failure;
    },
    post: (request) => {
      worker.postMessage(request);
    },
    ask: (request) => {
      worker.postMessage(request);
      return answer();
    },
    close: async () => {
      await worker.terminate();
    },
  };
  if (await answer()) return thread;
  await thread.close();
  throw failure ?? new WorkerError(`${name} did not start.`);
}
