import { scope } from '@elbo/gradients';
import type { Batch, Model, Primal } from '@elbo/objectives';
import { key as keyOf, type Key } from '@elbo/random';
import { estimateOf, type Estimate } from '../estimate.js';
import { densityElbo } from './density.js';
import type { ReportedElbo } from './reported.js';
import type { BoundedRows } from './row_bounds.js';
import { semiImplicitElbo } from './semi_implicit.js';
import { transportElbo } from './transport.js';

/** Bounds on an ELBO that need no discriminator, in nats; the means and errors are over rows. */
export interface ElboBounds {
  readonly lower: Estimate;
  /** Of a transport without an inverse there is none. */
  readonly upper?: Estimate;
  /** Of each row: in expectation over draws, bounds on its own ELBO. */
  readonly rows: BoundedRows;
}

/** How bounds are estimated. */
export interface BoundsOptions {
  readonly key: Key;
  /** The ELBO that is reported of a pass, `[B]`: what the bounds are apart from it, at the same draws, is found too. */
  readonly reported?: ReportedElbo;
  readonly signal?: AbortSignal;
}

/** Draws of each row: of a density; of a mixture, and its components; of a transport, and its components. */
const draws = { density: 50, mixture: 8, transport: 16 };
const components = { mixture: 3000, transport: 20 };

/**
 * The bounds that a model's posterior allows: the ELBO itself of one with a density, of a mixture from both sides, of a
 * transport that has no inverse from below.
 */
export async function boundsOf(
  model: Model,
  params: Primal,
  batch: Batch,
  options: BoundsOptions,
): Promise<ElboBounds | undefined> {
  const { density, mixture, transport, inverse } = abilities(model, params, batch);
  if (density) {
    const rows = await densityElbo(model, params, batch, { ...options, draws: draws.density });
    return { lower: estimateOf(rows.lower), upper: estimateOf(rows.upper), rows };
  }
  if (mixture)
    return semiImplicitElbo(model, params, batch, {
      ...options,
      draws: draws.mixture,
      components: components.mixture,
    });
  if (!transport) return undefined;
  const found = await transportElbo(model, params, batch, {
    ...options,
    ...(inverse && { draws: draws.transport, components: components.transport }),
  });
  return found.folded === 0 ? found : undefined;
}

function abilities(
  model: Model,
  params: Primal,
  batch: Batch,
): Readonly<Record<'density' | 'mixture' | 'transport' | 'inverse', boolean>> {
  const density = model.encoder?.offers.includes('logProb') ?? false;
  if (!model.encoder || density)
    return { density, mixture: false, transport: false, inverse: false };
  const forward = model.forward(params, batch, { step: 0, key: keyOf(0), training: false });
  try {
    return scope(() => {
      const { posterior } = forward.pass;
      return {
        density,
        mixture: posterior.components !== undefined,
        transport: posterior.transport !== undefined,
        inverse: posterior.transport?.(keyOf(0)).towards !== undefined,
      };
    });
  } finally {
    forward.dispose();
  }
}
