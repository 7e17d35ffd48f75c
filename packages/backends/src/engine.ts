import { BackendError } from '@elbo/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Loaded } from './candidate.js';

/** Whether a backend has started in this process. */
export function running(name: string): boolean {
  return name in tf.engine().registry;
}

/** The name of the current backend; `undefined` when none was chosen yet. */
export function current(): string | undefined {
  // tfjs-core types this as a string, but it is undefined or null until a backend is set.
  const name = tf.engine().backendName as string | null | undefined;
  return name ?? undefined;
}

/** The message of whatever was thrown; some parts of TensorFlow.js throw bare records. */
export function reasonOf(thrown: unknown): string {
  const message =
    typeof thrown === 'object' && thrown && 'message' in thrown ? thrown.message : thrown;
  return String(message).split('\n', 1)[0]!;
}

const processEvents = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Runs `start` and takes back the handlers of uncaught errors that it installs in the process:
 * the WebAssembly loader's would change the exit status and the message of every later crash.
 */
async function withoutHandlers<T>(start: () => T | Promise<T>): Promise<T> {
  const host = (globalThis as { process?: NodeJS.Process }).process;
  if (typeof host?.rawListeners !== 'function') return start();
  const before = new Set(processEvents.flatMap((event) => host.rawListeners(event)));
  try {
    return await start();
  } finally {
    for (const event of processEvents) {
      for (const listener of host.rawListeners(event)) {
        if (!before.has(listener)) host.off(event, listener as (...args: unknown[]) => void);
      }
    }
  }
}

/**
 * Starts a loaded backend and makes it the current one.
 *
 * `tf.setBackend` would name a backend that fails to start as the current one, and only log why.
 * So the instance is made first, and is set once it is there: a failure leaves everything as it was.
 *
 * @throws BackendError with the reason.
 */
export async function start(name: string, { explain }: Loaded): Promise<void> {
  if (!running(name)) {
    try {
      tf.engine().registry[name] = await withoutHandlers(tf.findBackendFactory(name));
    } catch (thrown) {
      throw new BackendError(explain(reasonOf(thrown)), { cause: thrown });
    }
  }
  await tf.setBackend(name);
}

/** Makes `previous` the current backend again; with `undefined`, none is, as before the first choice. */
export async function restore(previous: string | undefined, { priority }: Loaded): Promise<void> {
  const now = current();
  if (now === previous || now === undefined) return;
  if (previous !== undefined) {
    await tf.setBackend(previous);
    return;
  }
  const factory = tf.findBackendFactory(now);
  tf.removeBackend(now);
  tf.registerBackend(now, factory, priority);
}
