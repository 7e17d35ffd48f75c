import {
  categorical,
  CompositionError,
  defineKind,
  expectGiven,
  parameter,
  priorCategory,
  sizeOf,
  tensorAt,
  type Kind,
  type Prior,
} from '@elbo/core';
import { logSumExp } from '@elbo/ops';
import { fold, normal } from '@elbo/random';
import {
  add,
  expandDims,
  matMul,
  reshape,
  sigmoid,
  sub,
  tensor,
  zeros,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { LogProb, Sampled } from '../pass/posterior.js';
import { expectComponents } from './components.js';
import { learnedPrior, type LearnedPrior } from './learned_prior.js';

/** A VampPrior. */
export interface VampPriorOptions {
  /** The dimension of z. */
  readonly dim: number;
  /** K, how many pseudo-inputs. */
  readonly components: number;
  /** Whether data are in [0, 1], as pixels are: pseudo-inputs then are too, by a sigmoid. */
  readonly unit: boolean;
}

/**
 * The variational mixture of posteriors p(z) = 1/K Σ q(z|u_k) with learned pseudo-inputs u_k (Tomczak & Welling 2018,
 * eq. 9): the encoder's posteriors at data that never were. It needs a posterior with a density, and a model without a
 * condition. Its density costs K evaluations of q's for each z.
 *
 * @throws ConfigError unless `dim` and `components` are whole numbers from 1.
 */
export function vampPrior(options: VampPriorOptions): LearnedPrior {
  expectGiven('vampPrior', options, 'dim', 'components');
  const { dim, components, unit } = options;
  expectComponents('vampPrior', { dim, components });
  const config = { kind: 'vamp', dim, components, unit };
  return learnedPrior({
    config,
    dim,
    needs: ['logProb'],
    init: (key, x, condition) => {
      if (condition)
        throw new CompositionError(
          'A VampPrior has pseudo-inputs without a condition: use another prior for a conditional model.',
        );
      const shape = [components, ...x];
      return { inputs: parameter(shape, () => tensor(normal(key, sizeOf(shape)), shape)) };
    },
    bind: (params, posteriorAt) => {
      const raw = tensorAt(params, 'inputs');
      const inputs = unit ? sigmoid(raw) : raw;
      const posterior = posteriorAt(inputs) as Sampled & LogProb;
      return vamp(config, inputs, posterior, posteriorAt);
    },
  });
}

/** The mixture of the posteriors at these inputs. */
function vamp(
  config: Prior['config'] & { readonly dim: number; readonly components: number },
  inputs: Tensor,
  posterior: Sampled & LogProb,
  posteriorAt: (x: Tensor) => Sampled,
): Prior {
  const { dim, components } = config;
  const prior = {
    config,
    dim,
    inputs,
    posterior,
    sample: (key, n) => {
      const chosen = categorical(zeros([1, components])).sample(fold(key, 'component'), n);
      const flat: Tensor2D = reshape(inputs, [components, -1]);
      const drawn = reshape(matMul(chosen as Tensor2D, flat), [n, ...inputs.shape.slice(1)]);
      return posteriorAt(drawn).sample(fold(key, 'noise'));
    },
    logProb: (z) => {
      // Each z for every posterior: [n · K, Z], sample-major.
      const every = add(expandDims(z, 1), zeros([1, components, 1]));
      const densities = posterior.logProb(reshape(every, [-1, dim]));
      const log = logSumExp(reshape(densities, [-1, components]), 1);
      return sub<Tensor1D>(log, Math.log(components));
    },
  } satisfies Prior & { readonly inputs: Tensor; readonly posterior: object };
  return prior;
}

/** The kind of `vampPrior`. */
export const vampPriorKind: Kind<Prior> = defineKind(
  'vamp',
  priorCategory,
  { dim: v.number(), components: v.number(), unit: v.boolean() },
  vampPrior,
);
