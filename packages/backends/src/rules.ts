import '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';

type Rule = NonNullable<ReturnType<typeof tf.getGradient>>;

/** Where every copy of tfjs-core in a process keeps its gradients, by the names of their kernels. */
function registry(): ReadonlyMap<string, Rule> {
  const { _tfGlobals } = globalThis as {
    readonly _tfGlobals?: ReadonlyMap<string, ReadonlyMap<string, Rule>>;
  };
  return _tfGlobals?.get('gradRegistry') ?? new Map<string, Rule>();
}

const ours = new Map(registry());

/**
 * Puts the gradients of @elbo/gradients back: `@tensorflow/tfjs`, which tfjs-node loads, registers the stock ones over
 * a hundred of them.
 */
export function keepRules(): void {
  for (const [name, rule] of ours) if (registry().get(name) !== rule) tf.registerGradient(rule);
}
