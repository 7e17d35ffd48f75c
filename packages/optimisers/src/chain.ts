import {
  ConfigError,
  defineKind,
  disposeTree,
  nested,
  paramsAt,
  type Kind,
  type Params,
} from '@elbo/core';
import * as v from 'valibot';
import {
  optimiserCategory,
  transformCategory,
  type Optimiser,
  type Transform,
} from './optimiser.js';
import { alignedLeaves } from './trees.js';

/** A part of the state: empty where it is not there, for what stores tensors by path has none to store. */
function partOf(state: Params, name: string): Params {
  return name in state ? paramsAt(state, name) : {};
}

/** A transform and an optimiser in one step, where the one is a factor that the other can take. */
function joined(
  transform: Transform | undefined,
  optimiser: Optimiser,
): Optimiser['step'] | undefined {
  if (transform?.factor === undefined || optimiser.scaledStep === undefined) return undefined;
  return (gradients, state, params, step) => {
    const scale = transform.factor!(gradients);
    try {
      return optimiser.scaledStep!(gradients, scale, state, params, step);
    } finally {
      scale.dispose();
    }
  };
}

/**
 * Transforms of the gradients, in order, closed by one optimiser: `chain(clipByGlobalNorm(1), adam(3e-4))`.
 *
 * Its state is `transform_0`, `transform_1`, … and `optimiser`.
 *
 * @example
 * ```ts
 * import { adam, chain, clipByGlobalNorm } from '@elbo/optimisers';
 *
 * console.log(chain(clipByGlobalNorm(1), adam(3e-4)).config.kind); // chain
 * ```
 */
export function chain(...parts: readonly [...Transform[], Optimiser]): Optimiser {
  if (typeof (parts.at(-1) as Partial<Optimiser> | undefined)?.step !== 'function')
    throw new ConfigError('chain: give an optimiser, such as adam(1e-3), as the last.');
  const transforms = parts.slice(0, -1) as Transform[];
  const optimiser = parts.at(-1) as Optimiser;
  const names = transforms.map((_, i) => `transform_${i}`);
  const joinedStep = joined(transforms.at(-1), optimiser);
  const close: Optimiser['step'] = joinedStep ?? ((...given) => optimiser.step(...given));
  return {
    config: {
      kind: 'chain',
      transforms: transforms.map(({ config }) => config),
      optimiser: optimiser.config,
    },
    init: (params) => {
      const states = transforms.map((transform, i) => [names[i]!, transform.init(params)] as const);
      return { ...Object.fromEntries(states), optimiser: optimiser.init(params) };
    },
    step: (gradients, state, params, step) => {
      let current = gradients;
      try {
        alignedLeaves('chain', params, { gradients });
        const closing = partOf(state, 'optimiser');
        const states = transforms.map((transform, i) => {
          const name = names[i]!;
          const own = partOf(state, name);
          if (joinedStep && i === transforms.length - 1) return [name, own] as const;
          const next = transform.update(current, own, params, step);
          current = next.gradients;
          return [name, next.state] as const;
        });
        const last = close(current, closing, params, step);
        return {
          params: last.params,
          state: { ...Object.fromEntries(states), optimiser: last.state },
        };
      } catch (error) {
        disposeTree(current);
        throw error;
      }
    },
  };
}

/** The kind `chain`. */
export const chainKind: Kind<Optimiser> = defineKind(
  'chain',
  optimiserCategory,
  { transforms: v.array(nested), optimiser: nested },
  ({ transforms, optimiser }, registry) =>
    chain(
      ...transforms.map((config) => registry.build(transformCategory, config)),
      registry.build(optimiserCategory, optimiser),
    ),
);
