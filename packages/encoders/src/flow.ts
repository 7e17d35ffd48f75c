import {
  expectGiven,
  couplingOf,
  ConfigError,
  defineKind,
  mapTree,
  normal,
  paramsAt,
  type Kind,
  type Mode,
  type Normal,
  type Params,
} from '@elbo/core';
import { detach } from '@elbo/gradients';
import {
  encoderCategory,
  type AnyEncoder,
  type Encoder,
  type LogProb,
  type Sampled,
} from '@elbo/objectives';
import { fold } from '@elbo/random';
import { add, sub, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { autoregressiveStep } from './flows/autoregressive.js';
import type { Bijection, FlowStep, Moved } from './flows/flow.js';
import { planarStep } from './flows/planar.js';
import { headOf, logScaleHeadOf } from './head.js';
import {
  buildOptions,
  encoderConfig,
  encoderEntries,
  expectCounts,
  type EncoderOptions,
} from './options.js';
import { trunkOf } from './trunk.js';

/** What a flow encoder is made of. */
export interface FlowEncoderOptions extends EncoderOptions {
  /** `autoregressive`: inverse autoregressive flow; `planar`: each step bends z along one direction. */
  readonly flow: 'autoregressive' | 'planar';
  /** How many; of autoregressive ones every second has the order of z's coordinates reversed. */
  readonly steps: number;
  /** Sizes of the hidden layers of an autoregressive step; [64] by default. */
  readonly hidden?: readonly number[];
}

/**
 * A normal z₀ ~ N(μ(x), σ²(x)), moved by invertible steps that depend on x: z has the density
 * log q(z|x) = log N(z₀) − Σ log |det ∂z_t/∂z_{t−1}| (Rezende & Mohamed 2015, section 3).
 *
 * Of its own draws the density is known from the way they took. For any other z, and once detached, the steps are
 * inverted: a search on a line for planar ones; Z evaluations of each autoregressive one, so that the `dreg` and `stl`
 * gradients of an importance-weighted bound are slow where z has many dimensions. There is no closed form of a KL.
 *
 * @throws ConfigError for an option that does not fit.
 */
export function flowEncoder(options: FlowEncoderOptions): Encoder<'posterior' | 'logProb'> {
  expectGiven('flowEncoder', options, 'latent', 'flow', 'steps');
  const { network, latent, flow, steps, hidden = [64] } = options;
  const where = 'flowEncoder';
  expectCounts(where, { latent, steps });
  if (hidden.length === 0) throw new ConfigError(`${where}: 'hidden' must have a layer at least.`);
  hidden.forEach((units, i) => {
    expectCounts(where, { [`hidden[${i}]`]: units });
  });
  const trunk = trunkOf(network, where);
  const mean = headOf('mean', latent, where);
  const logVar = logScaleHeadOf('logVar', latent, where);
  const flows: readonly (readonly [name: string, step: FlowStep])[] = Array.from(
    { length: steps },
    (_, i) => [
      `step_${i}`,
      flow === 'planar'
        ? planarStep(latent, where)
        : autoregressiveStep({ latent, hidden, reversed: i % 2 === 1 }),
    ],
  );
  const posteriorOf = (params: Params, mode: Mode, features: Tensor2D): Sampled & LogProb =>
    flowPosterior(
      normal(mean.apply(params, mode, features), logVar.apply(params, mode, features)),
      flows.map(([name, step]) => step.given(paramsAt(params, name), mode, features)),
      features,
      () => posteriorOf(mapTree(params, detach), mode, detach(features)),
    );
  return {
    config: {
      kind: 'flow',
      ...encoderConfig(options),
      flow,
      steps,
      ...(flow === 'autoregressive' && { hidden }),
    },
    offers: ['posterior', 'logProb'],
    latent,
    ...couplingOf(network),
    init: (key, x, condition) => {
      const { params, features } = trunk.init(key, x, condition);
      return {
        ...params,
        ...mean.init(key, features),
        ...logVar.init(key, features),
        ...Object.fromEntries(
          flows.map(([name, step]) => [name, step.init(fold(key, name), features)]),
        ),
      };
    },
    posterior: (params, mode, x, condition) =>
      posteriorOf(params, mode, trunk.apply(params, mode, x, condition)),
  };
}

/** z after one move and the other, and the sum of their log determinants. */
function along(z: Tensor2D, moves: readonly ((z: Tensor2D) => Moved)[]): Moved {
  const logDets: Tensor1D[] = [];
  const end = moves.reduce((at, move) => {
    const next = move(at);
    logDets.push(next.logDet);
    return next.z;
  }, z);
  return { z: end, logDet: logDets.reduce((a, b) => add(a, b)) };
}

/** Draws of `base` moved by the steps. `features` is what the steps need besides what they hold. */
function flowPosterior(
  base: Normal<Tensor2D>,
  steps: readonly Bijection[],
  features: Tensor2D,
  detached: () => LogProb,
): Sampled & LogProb {
  const origins = new WeakMap<Tensor2D, Moved>();
  const inverted = (z: Tensor2D): Moved =>
    along(
      z,
      steps.toReversed().map((step) => step.inverse),
    );
  const posterior: Sampled & LogProb = {
    sample: (key, samples) => {
      const start = base.sample(key, samples);
      const { z, logDet } = along(
        start,
        steps.map((step) => step.forward),
      );
      origins.set(z, { z: start, logDet });
      return z;
    },
    logProb: (z) => {
      const known = origins.get(z);
      // A scope may have freed what was made beside the draw.
      const alive = known && !known.z.isDisposed && !known.logDet.isDisposed;
      const origin = alive ? known : inverted(z);
      return sub(base.logProb(origin.z), origin.logDet);
    },
    detach: detached,
  };
  return Object.assign(posterior, { base, steps, features });
}

/** Builds a flow encoder from its config. */
export const flowKind: Kind<AnyEncoder> = defineKind(
  'flow',
  encoderCategory,
  {
    ...encoderEntries,
    flow: v.picklist(['autoregressive', 'planar']),
    steps: v.number(),
    hidden: v.exactOptional(v.array(v.number())),
  },
  (options, registry) => flowEncoder(buildOptions(options, registry)),
);
