import {
  expectGiven,
  ConfigError,
  defineKind,
  formatShape,
  networkCategory,
  ShapeError,
  tensorAt,
  type Kind,
  type Network,
} from '@elbo/core';
import { dense } from '@elbo/ops';
import { fold } from '@elbo/random';
import {
  abs,
  add,
  concat,
  exp,
  mean,
  mul,
  neg,
  ones,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Rank,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { linearKernel } from './kernel.js';

/**
 * How much a minibatch varies, as one more feature of every row: the standard deviation over the rows of each feature,
 * averaged over the features (Karras et al. 2018, §3). A discriminator so sees that samples are all alike. [B, …, C] to
 * [B, …, C + 1].
 */
export function minibatchDeviation(): Network {
  return {
    config: { kind: 'minibatch-deviation' },
    coupling: { least: 2 },
    init: (_key, input) => {
      const channels = input.at(-1);
      if (channels === undefined)
        throw new ShapeError('minibatchDeviation: takes vectors or images, not scalars.');
      return { params: {}, output: [...input.slice(0, -1), channels + 1] };
    },
    apply: (_params, _mode, x) => {
      const variance = mean(square(sub(x, mean(x, 0, true))), 0);
      // The root has no slope at 0, where all rows are alike.
      const deviation = mean(sqrt(add(variance, 1e-8)));
      return concat([x, mul(ones([...x.shape.slice(0, -1), 1]), deviation)], -1);
    },
  };
}

/** What rows of a minibatch are compared by. */
export interface MinibatchDiscriminationOptions {
  /** How many features are added, each a comparison of its own. */
  readonly kernels: number;
  /** The dimension of the space of each comparison. */
  readonly dims: number;
}

/**
 * How close a row is to the others, as more features of it: Σ_d |M_id − M_jd| of linear maps M of the rows, as a mean
 * over j of exp(−·) for each of several maps (Salimans et al. 2016, §3.2, who sum over j; a mean does not depend on the
 * size of the minibatch). [B, F] to [B, F + kernels].
 *
 * @throws ConfigError for numbers that are no whole numbers from 1; `init` throws ShapeError for inputs that are no vectors.
 */
export function minibatchDiscrimination(options: MinibatchDiscriminationOptions): Network {
  expectGiven('minibatchDiscrimination', options, 'kernels', 'dims');
  const { kernels, dims } = options;
  const where = 'minibatchDiscrimination';
  if (!(Number.isInteger(kernels) && Number.isInteger(dims) && kernels > 0 && dims > 0))
    throw new ConfigError(
      `${where}: 'kernels' and 'dims' must be whole numbers from 1, not ${kernels} and ${dims}.`,
    );
  return {
    config: { kind: 'minibatch-discrimination', kernels, dims },
    coupling: { least: 2, pairs: kernels * dims },
    init: (key, input) => {
      const [features] = input;
      if (features === undefined || input.length !== 1)
        throw new ShapeError(
          `${where}: takes vectors, and not ${formatShape(input)}; put flatten() before it.`,
        );
      return {
        params: linearKernel(fold(key, 'kernel'), features, kernels * dims),
        output: [features + kernels],
      };
    },
    apply: (params, _mode, x) => {
      const rows = x.shape[0];
      const mapped = dense(x, tensorAt<Rank.R2>(params, 'kernel'));
      const [one, other] = [
        [rows, 1, kernels, dims],
        [1, rows, kernels, dims],
      ].map((shape) => reshape(mapped, shape)) as [Tensor, Tensor];
      const closeness = mean(exp(neg(sum(abs(sub(one, other)), 3))), 1);
      return concat([x as Tensor2D, closeness as Tensor2D], 1);
    },
  };
}

/** The kinds of layers that see a whole minibatch. */
export const minibatchKinds: readonly Kind<Network>[] = [
  defineKind('minibatch-deviation', networkCategory, {}, minibatchDeviation),
  defineKind(
    'minibatch-discrimination',
    networkCategory,
    { kernels: v.number(), dims: v.number() },
    minibatchDiscrimination,
  ),
];
