import { scope } from '@elbo/gradients';
import type { Batch, Model, Primal } from '@elbo/objectives';
import { key as keyOf, type Key } from '@elbo/random';
import type { Estimate } from '../estimate.js';
import { semiImplicitElbo } from './semi_implicit.js';
import { transportElbo } from './transport.js';

/** Bounds on an ELBO that need no discriminator, in nats; the means and errors are over rows. */
export interface ElboBounds {
  readonly lower: Estimate;
  /** Of a transport without an inverse there is none. */
  readonly upper?: Estimate;
  /** Of each row: in expectation over draws, bounds on its own ELBO. */
  readonly rows: { readonly lower: Float64Array; readonly upper?: Float64Array };
}

/** The bounds that a model's posterior allows: of a mixture from both sides, of a transport that has no inverse from below. */
export async function boundsOf(
  model: Model,
  params: Primal,
  batch: Batch,
  options: { readonly key: Key; readonly signal?: AbortSignal },
): Promise<ElboBounds | undefined> {
  const { components, transport, inverse } = abilities(model, params, batch);
  if (components) return semiImplicitElbo(model, params, batch, options);
  if (!transport) return undefined;
  const found = await transportElbo(model, params, batch, {
    ...options,
    ...(inverse && { draws: 5, components: 50 }),
  });
  return found.folded === 0 ? found : undefined;
}

function abilities(
  model: Model,
  params: Primal,
  batch: Batch,
): { readonly components: boolean; readonly transport: boolean; readonly inverse: boolean } {
  if (!model.encoder) return { components: false, transport: false, inverse: false };
  const open = model.forward(params, batch, { step: 0, key: keyOf(0), training: false });
  try {
    return scope(() => {
      const { posterior } = open.pass;
      return {
        components: posterior.components !== undefined,
        transport: posterior.transport !== undefined,
        inverse: posterior.transport?.(keyOf(0)).towards !== undefined,
      };
    });
  } finally {
    open.dispose();
  }
}
