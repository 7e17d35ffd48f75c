// What is true of a trained model: by its density where that is known, else by nearest neighbours.
import { elboOf } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Dataset } from '@elbo/datasets';
import { setImmediate as macrotask } from 'node:timers/promises';
import { mean } from '../../common/figures.js';
import { onRows } from '../../common/rows.js';
import type { Trained } from '../../runner/trained.js';
import { meanLogNearest } from '../four-pixels/nearest.js';

/** Of the whole set, in nats. */
export interface Truth {
  readonly elbo: number;
  readonly divergence: number;
  /** By how much the ELBO by the trained discriminator is above it. */
  readonly deviation: number;
  /** The divergence from few draws less that of all: what nearest neighbours are off by is less. */
  readonly disagreement: number;
}

/** Draws of all rows: one pass, and all passes, of a density and by neighbours. */
const pass = 20_000;
const drawn = { known: 80_000, neighbours: 200_000 };

/** Row by row and draw after draw. */
interface Draws {
  /** The ELBO by the trained discriminator, and without the divergence. */
  readonly claimed: Float32Array;
  readonly reconstruction: Float32Array;
  /** log q(z|x) − log p(z), where it is known; else z. */
  readonly ratio: Float32Array | undefined;
  readonly z: Float32Array;
}

type Drawable = Pick<Trained, 'model' | 'params'>;

async function onePass({ model, params }: Drawable, data: Dataset, key: Key): Promise<Draws> {
  const numbers = Uint32Array.from({ length: pass }, (_, i) => i % data.size);
  return onRows(data, numbers, async (batch) => {
    const forward = model.forward(params.primal, batch, { step: 0, key, training: false });
    const made = tidy(() => {
      const { posterior, prior, likelihood, z, x } = forward.pass;
      return {
        claimed: elboOf(model, forward, params.dual),
        reconstruction: likelihood.logProb(x),
        z: z.clone(),
        ...(model.offers.includes('logProb') && {
          ratio: sub(posterior.logProb(z), prior.logProb(z)),
        }),
      };
    });
    forward.dispose();
    const valuesOf = async (tensor: Tensor): Promise<Float32Array> => {
      const values = (await tensor.data<'float32'>()).slice();
      tensor.dispose();
      return values;
    };
    return {
      claimed: await valuesOf(made.claimed),
      reconstruction: await valuesOf(made.reconstruction),
      z: await valuesOf(made.z),
      ratio: made.ratio && (await valuesOf(made.ratio)),
    };
  });
}

/** KL(q ‖ N(0, I)) in nats of points [n, 2] of q, by its fourth nearest neighbours (Kozachenko & Leonenko 1987). */
export function klOf(points: Float32Array): number {
  const n = points.length / 2;
  const psiOf4 = 11 / 6 - 0.5772156649015329;
  const entropy =
    Math.log(n) - 1 / (2 * n) - psiOf4 + Math.log(Math.PI) + 2 * meanLogNearest(points, 4);
  const squares = mean(points.map((value) => value * value));
  return Math.log(2 * Math.PI) + squares - entropy;
}

/** The mean over rows of the divergence of the first `share` of each row's draws. */
function divergenceOf(passes: readonly Draws[], rows: number, share: number): number {
  const used = passes.slice(0, Math.ceil(share * passes.length));
  if (used[0]!.ratio) return mean(used.map(({ ratio }) => mean(ratio!)));
  return mean(
    Array.from({ length: rows }, (_, row) => {
      const of = used.flatMap(({ z }) => {
        const own: number[] = [];
        for (let i = row; i < pass; i += rows) own.push(z[2 * i]!, z[2 * i + 1]!);
        return own;
      });
      return klOf(Float32Array.from(of));
    }),
  );
}

/** What holds of a trained model on a whole set. */
export async function truthOf(
  trained: Drawable,
  data: Dataset,
  { key, signal }: { readonly key: Key; readonly signal: AbortSignal },
): Promise<Truth> {
  const known = trained.model.offers.includes('logProb');
  const passes: Draws[] = [];
  for (let i = 0; i * pass < (known ? drawn.known : drawn.neighbours); i++) {
    await macrotask();
    signal.throwIfAborted();
    passes.push(await onePass(trained, data, fold(key, i)));
  }
  const divergence = divergenceOf(passes, data.size, 1);
  const reconstruction = mean(passes.map((of) => mean(of.reconstruction)));
  const elbo = reconstruction - divergence;
  return {
    elbo,
    divergence,
    deviation: mean(passes.map((of) => mean(of.claimed))) - elbo,
    disagreement: Math.abs(divergenceOf(passes, data.size, 0.25) - divergence),
  };
}
