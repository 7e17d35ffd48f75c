import { BackendError } from '@elbo/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Loaded } from './candidate.js';
import { within } from './within.js';

/** Whether a backend has started in this process, by its name in TensorFlow.js. */
export function running(engineName: string): boolean {
  return engineName in tf.engine().registry;
}

/** The name in TensorFlow.js of the current backend; `undefined` when none was chosen yet. */
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

type Factory = ReturnType<typeof tf.findBackendFactory>;
type Registered = Readonly<
  Record<string, { readonly factory: Factory; readonly priority: number }>
>;

const factories = (): Registered => tf.engine().registryFactory;

/** Factories of backends that were refused: a module registers its own once, and may be asked again. */
const setAside = new Map<string, Registered[string]>();

/** Offers a backend that was refused before once more. */
function offer(engineName: string): Factory {
  const before = setAside.get(engineName);
  if (before && !(engineName in factories()))
    tf.registerBackend(engineName, before.factory, before.priority);
  return tf.findBackendFactory(engineName);
}

/** A start that takes this many milliseconds waits for something that will never come. */
const usualLimit = 60_000;

/**
 * Starts a loaded backend and makes it the current one.
 *
 * `tf.setBackend` would name a backend that fails to start as the current one, and only log why.
 * So the instance is made first, and is set once it is there: a failure leaves everything as it was.
 *
 * @throws BackendError with the reason.
 */
export async function start(
  { engineName, explain = (reason) => reason, around = (begin) => begin() }: Loaded,
  limit: number = usualLimit,
): Promise<void> {
  const factory = offer(engineName);
  if (!running(engineName)) {
    try {
      tf.engine().registry[engineName] = await around(async () => within(limit, factory()));
    } catch (thrown) {
      throw new BackendError(explain(reasonOf(thrown)), { cause: thrown });
    }
  }
  await tf.setBackend(engineName);
}

/** Stops a backend and takes it from the list, as if it had never been loaded; `start` can still have it back. */
export function discard(engineName: string): void {
  const registered = factories()[engineName];
  if (!registered) return;
  setAside.set(engineName, registered);
  tf.removeBackend(engineName);
}

/** Remembers which backends run, which are registered and which is current; gives what puts that back. */
export function remember(): () => Promise<void> {
  const previous = current();
  const started = new Set(Object.keys(tf.engine().registry));
  const known = new Set(Object.keys(factories()));
  return async () => {
    // First, so that what lies on a backend to be removed is no longer asked for.
    if (previous !== undefined && current() !== previous) await tf.setBackend(previous);
    for (const name of Object.keys(factories())) {
      if (known.has(name) && (started.has(name) || !running(name))) continue;
      discard(name);
      if (known.has(name)) offer(name);
    }
  };
}
