import type { Thread, ThreadHost } from '../threads/thread.js';

/** Web workers. */
export const threads: ThreadHost = {
  startThread: (number): Thread => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      type: 'module',
      name: `Elbo, thread ${number + 1}`,
    });
    const ready = new Promise<void>((resolve, reject) => {
      worker.onmessage = () => {
        resolve();
      };
      worker.onerror = ({ message }) => {
        reject(new Error(message || 'its file did not load'));
      };
    });
    return {
      assign: (assignment) => {
        worker.postMessage(assignment);
        return ready;
      },
      // A page is not told.
      hasEnded: () => false,
      end: () => {
        worker.terminate();
      },
    };
  },
  maySleep: () => !('document' in globalThis),
};
