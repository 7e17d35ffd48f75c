import { CompositionError, macrotask, repeatBatch } from '@elbo/core';
import { scope } from '@elbo/gradients';
import type { Batch, ForwardPass, Model, Primal } from '@elbo/objectives';
import { logSumExp } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import { add, dispose, keep, reshape, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { expectCount } from '../estimable.js';
import { estimateOf, type Estimate } from '../estimate.js';
import { LogSum } from './log_sum.js';
import { reportedAt, type ReportedElbo } from './reported.js';
import { addDraw, boundsByBlocks, emptyBounds, type RowBounds } from './row_bounds.js';

/** How `semiImplicitElbo` estimates. */
export interface SemiImplicitOptions {
  readonly key: Key;
  /** Draws of z for each row; 20 by default. */
  readonly draws?: number;
  /** J, the normals of the mixture that stands for q(z|x) at each draw; 1000 by default. */
  readonly components?: number;
  /** The ELBO that is reported of a pass, `[B]`: what the bounds are apart from it, at the same draws, is found too. */
  readonly reported?: ReportedElbo;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Aborts between blocks of rows. */
  readonly signal?: AbortSignal;
}

/** Bounds on the ELBO in nats; the means and errors are over rows. */
export interface SemiImplicitElbo {
  readonly lower: Estimate;
  readonly upper: Estimate;
  /** Of each row: in expectation over draws, bounds on its own ELBO. */
  readonly rows: RowBounds;
}

const rowsAtOnce = 100;
const componentsAtOnce = 200;

/**
 * The ELBO of a semi-implicit posterior q(z|x) = E q(z|x, ε) from both sides, without a discriminator: in place of
 * log q(z|x) stands the logarithm of the mean of J components' densities, with the one that z was drawn from among them,
 * which is too large in expectation (Yin & Zhou 2018, eq. 6), or without it, which is too small (Sobolev & Vetrov 2019,
 * section 3). The gap closes as J grows; with narrow components that takes exp of the information that ε has of z.
 *
 * @throws CompositionError for a posterior that is no mixture: `anchoredEncoder` with `noiseOnly`, and `implicitEncoder`
 * with `outputNoise`, are; ConfigError for draws or components that are none.
 */
export async function semiImplicitElbo(
  model: Model,
  params: Primal,
  batch: Batch,
  { key, draws = 20, components = 1000, reported, onProgress, signal }: SemiImplicitOptions,
): Promise<SemiImplicitElbo> {
  expectCount('semiImplicitElbo', 'draws', draws, 1);
  expectCount('semiImplicitElbo', 'components', components, 1);
  const walk = { rowsAtOnce, onProgress, reported: reported !== undefined };
  const { rows } = await boundsByBlocks(batch, walk, (part, begin) =>
    ofBlock(model, params, part, { key: fold(key, begin), draws, components, reported, signal }),
  );
  return { lower: estimateOf(rows.lower), upper: estimateOf(rows.upper), rows };
}

async function ofBlock(
  model: Model,
  params: Primal,
  batch: Batch,
  {
    key,
    draws,
    components,
    reported,
    signal,
  }: Required<Pick<SemiImplicitOptions, 'key' | 'draws' | 'components'>> & {
    readonly reported: ReportedElbo | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<RowBounds> {
  const rows = batch.x.shape[0];
  const bounds = emptyBounds(rows, reported !== undefined);
  const again = (noise: Key): ForwardPass =>
    model.forward(params, batch, { step: 0, key: noise, training: false });
  const forward = again(key);
  try {
    const { pass } = forward;
    const { posterior, prior } = scope(() => ({ posterior: pass.posterior, prior: pass.prior }));
    const mixed = posterior.components;
    if (!mixed)
      throw new CompositionError(
        'semiImplicitElbo: this posterior is not a mixture of normals. Use an anchoredEncoder with noiseOnly, an implicitEncoder with outputNoise, or a discriminator’s estimate with diagnose.',
      );
    for (let draw = 0; draw < draws; draw++) {
      signal?.throwIfAborted();
      const at = fold(fold(key, 'draw'), draw);
      const { z, joint, own } = tidy(() => {
        const component = mixed(fold(at, 'component'));
        const drawn: Tensor2D = component.sample(fold(at, 'z'));
        const logJoint = add(pass.decode(drawn).logProb(pass.x), prior.logProb(drawn));
        return { z: keep(drawn), joint: keep(logJoint), own: keep(component.logProb(drawn)) };
      });
      try {
        const [logJoint, logOwn] = await Promise.all([joint.data(), own.data()]);
        const elbos = reported && (await reportedAt(reported, again(at), z));
        const others = await sumsOfOthers(mixed, fold(at, 'others'), z, components);
        for (let row = 0; row < rows; row++) {
          addDraw(bounds, row, {
            logJoint: logJoint[row]!,
            others: others[row]!,
            components,
            own: logOwn[row]!,
            share: 1 / draws,
            reported: elbos?.[row],
          });
        }
      } finally {
        dispose([z, joint, own]);
      }
    }
    return bounds;
  } finally {
    forward.dispose();
  }
}

/** Σ q(z|x, ε) over fresh draws of ε, for each row. */
async function sumsOfOthers(
  mixed: NonNullable<ReturnType<Model['forward']>['pass']['posterior']['components']>,
  key: Key,
  z: Tensor2D,
  components: number,
): Promise<readonly LogSum[]> {
  const rows = z.shape[0];
  const sums = Array.from({ length: rows }, () => new LogSum());
  for (let done = 0; done < components; done += componentsAtOnce) {
    const count = Math.min(componentsAtOnce, components - done);
    const part = tidy(() => {
      const logs = mixed(fold(key, done), count).logProb(repeatBatch(z, count));
      return logSumExp(reshape(logs, [count, rows]), 0);
    });
    await macrotask();
    (await part.data()).forEach((value, row) => {
      sums[row]!.add(value);
    });
    part.dispose();
  }
  return sums;
}
