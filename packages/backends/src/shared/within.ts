import { BackendError } from '@elbo/core';

/**
 * What a start gives, if it ends in time: one that waits for a worker which the page does not allow waits for ever.
 *
 * @throws BackendError when it takes longer than so many milliseconds; what it gives later is let go.
 */
export async function within<T>(milliseconds: number, starting: T | Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new BackendError(`it has not started within ${milliseconds / 1000} s`));
    }, milliseconds);
  });
  try {
    return await Promise.race([starting, late]);
  } finally {
    clearTimeout(timer);
  }
}
