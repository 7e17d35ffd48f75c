import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Answered, Asked, ThreadData } from './decode_thread.js';
import type { Outcome } from './decoded.js';
import type { ImageFile } from './image_file.js';

/** More threads would wait for the disk, and each may take the memory of a large image. */
const mostThreads = 8;

/** Bytes of files for which a thread is worth its start. */
const bytesEach = 2 ** 22;

/** Files that a thread has before it: the one it decodes, and the next. */
const ahead = 2;

/**
 * Decodes files in threads, as many as are worth it; none for few. What none of them did, because it is too large or because
 * threads cannot be started here, is left to do.
 */
export async function decodeInThreads(
  data: ThreadData,
  files: readonly ImageFile[],
  decoded: (number: number, outcome: Outcome | undefined) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const count = Math.min(mostThreads, availableParallelism(), Math.floor(bytes / bytesEach));
  if (count < 2) return;
  const queue = files.entries();
  const threads = Array.from({ length: count }, () => serve(data, queue, decoded, signal));
  await Promise.all(threads);
  signal?.throwIfAborted();
}

/** One thread from its start to the end of the queue, or to its own. */
function serve(
  workerData: ThreadData,
  queue: IterableIterator<[number, ImageFile]>,
  decoded: (number: number, outcome: Outcome | undefined) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const worker = new Worker(new URL('./decode_thread.js', import.meta.url), { workerData });
  return new Promise((resolve) => {
    let waiting = 0;
    const stop = (): void => {
      signal?.removeEventListener('abort', stop);
      void worker.terminate().then(() => {
        resolve();
      });
    };
    const ask = (): void => {
      const next = queue.next();
      if (next.done) {
        if (waiting === 0) stop();
        return;
      }
      const [number, file] = next.value;
      waiting++;
      worker.postMessage({ number, file } satisfies Asked);
    };
    worker.on('message', ({ number, outcome }: Answered) => {
      waiting--;
      decoded(number, outcome);
      ask();
    });
    // Where no thread can be started, or one ends, what it had before it is left to do.
    worker.on('error', stop);
    worker.on('exit', stop);
    signal?.addEventListener('abort', stop);
    for (let i = 0; i < ahead; i++) ask();
  });
}
