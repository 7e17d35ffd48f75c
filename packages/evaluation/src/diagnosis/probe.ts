import {
  disposeTree,
  normal,
  repeatBatch,
  type DataMoments,
  type Normal,
  type Params,
} from '@elbo/core';
import { scope } from '@elbo/gradients';
import {
  compose,
  isLearned,
  reconstruction,
  standardised,
  type Batch,
  type Encoder,
  type Model,
  type Moments,
  type Primal,
  type Term,
} from '@elbo/objectives';
import { logSumExp, randomUniform } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import {
  abs,
  add,
  concat,
  dispose,
  exp,
  greaterEqual,
  keep,
  mul,
  reshape,
  sign,
  slice,
  split,
  stack,
  sub,
  tensor2d,
  tidy,
  where,
  zerosLike,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { estimateOf } from '../estimate.js';
import { fitDiscriminator, type FitOptions } from './fit.js';
import { momentsOfDraws } from './moments_of_draws.js';

/** What a fresh discriminator makes of a posterior of which the log-ratio is known. In nats. */
export interface Probe {
  /** E T*, what it should have found. */
  readonly exact: number;
  /** E T, what it found. */
  readonly found: number;
  /** ½ E (T − T*)²: about what a bound that T makes falls short by. */
  readonly missed: number;
  /** Of T over T*, by least squares at the posterior's draws: 1 is right, less is a discriminator that lags. */
  readonly slope: number;
}

/** The shape of a posterior that T is put to the test on. */
export type ProbeShape = 'normal' | 'twoBumps' | 'halfNormal';

/** Draws of each row that T is compared at. */
const compared = 10;
/** How far apart two bumps are: half of their distance, in standard deviations of both together. */
const apart = 0.85;

/**
 * Puts the discriminator of a term to the test on a posterior that is like the model's own and known: for each row one
 * with the moments of its draws: the normal; two normals apart in the first coordinate; or a normal of which one side is
 * folded onto the other in it, as posteriors that share out a prior have edges. It is trained as it would be on the model's
 * own posterior, and its T compared with the exact log-ratio T*.
 *
 * @returns undefined where the prior is learned, as it may need the model's own encoder.
 */
export async function probe(
  model: Model,
  term: Term,
  primal: Primal,
  batch: Batch,
  shape: ProbeShape,
  { key, ...options }: FitOptions,
): Promise<Probe | undefined> {
  if (isLearned(model.prior)) return undefined;
  // Of a standardised model, T sees what that model's own does.
  const { prior, decoder } = model.standard?.model ?? model;
  const plain = compose({
    prior,
    encoder: knownEncoder(prior.dim, shape),
    decoder,
    terms: [reconstruction(), term as Term<'posterior' | 'moments'>],
  });
  const probed = model.standard ? standardised(plain, ofData(model.standard.moments)) : plain;
  const known = { x: batch.x, condition: momentsOf(model, primal, batch, fold(key, 'moments')) };
  const params = { decoder: primal.decoder, encoder: {} };
  let fitted: Params | undefined;
  try {
    fitted = await fitDiscriminator(probed, term, params, known, { ...options, key });
    return await compare(probed, term, params, known, fitted, fold(key, 'compare'));
  } finally {
    known.condition.dispose();
    if (fitted) disposeTree(fitted);
  }
}

/**
 * For each row the mean and log-variance of the posterior's draws, and the mean and log-variance that it names, which
 * adaptive contrast goes by: `[B, 4 Z]`.
 */
/** The moments of data, without those of their conditions. */
const ofData = ({ mean, sd, seen }: DataMoments): DataMoments => ({
  mean,
  sd,
  ...(seen && { seen }),
});

function momentsOf(model: Model, primal: Primal, batch: Batch, key: Key): Tensor2D {
  const forward = model.forward(primal, batch, { step: 0, key, training: false });
  try {
    return tidy(() => {
      const { posterior } = forward.pass;
      const [centre, logVar] = momentsOfDraws(posterior, fold(key, 'draws'), model.prior.dim);
      const named: Moments = model.encoder?.offers.includes('moments')
        ? posterior
        : { mean: centre, logVar };
      return concat([centre, logVar, named.mean, named.logVar], 1);
    });
  } finally {
    forward.dispose();
  }
}

/** The posteriors whose moments, and those they name, are the condition. */
function knownEncoder(
  latent: number,
  shape: ProbeShape,
): Encoder<'posterior' | 'moments' | 'logProb'> {
  return {
    config: { kind: 'probe' },
    offers: ['posterior', 'moments', 'logProb'],
    latent,
    init: () => ({}),
    posterior: (_params, _mode, _x, condition) => {
      const [centre, spread, mean, logVar] = split(condition!, 4, 1) as [
        Tensor2D,
        Tensor2D,
        Tensor2D,
        Tensor2D,
      ];
      const q = shapes[shape](centre, spread);
      const posterior = {
        mean,
        logVar,
        centre,
        spread,
        sample: q.sample,
        logProb: q.logProb,
        detach: () => posterior,
      };
      return posterior;
    },
  };
}

/** What a known posterior must tell. */
type Known = Pick<Normal<Tensor2D>, 'sample' | 'logProb'>;

/** Of given means and log-variances, `[B, Z]` each. */
export const shapes: Readonly<Record<ProbeShape, (centre: Tensor2D, spread: Tensor2D) => Known>> = {
  normal,
  twoBumps,
  halfNormal,
};

/** 1 in the first of these coordinates, and 0 in the others: `[1, dim]`. */
const firstOf = (dim: number): Tensor2D =>
  tensor2d([Array.from({ length: dim }, (_, d) => (d === 0 ? 1 : 0))]);

/** Of these means and log-variances, but with half of each to either side in the first coordinate. */
function twoBumps(centre: Tensor2D, spread: Tensor2D): Known {
  const [rows, dim] = centre.shape;
  const first = firstOf(dim);
  const away: Tensor2D = mul(mul(exp(mul(0.5, spread)), first), apart);
  const narrow: Tensor2D = add(spread, mul(first, Math.log(1 - apart * apart)));
  const sides = [
    normal<Tensor2D>(add(centre, away), narrow),
    normal<Tensor2D>(sub(centre, away), narrow),
  ];
  return {
    sample: (key, samples = 1) => {
      const side = sign(sub(randomUniform(fold(key, 'side'), [samples * rows, 1]), 0.5));
      const within = normal(zerosLike(centre), narrow).sample(fold(key, 'within'), samples);
      const middle = add(repeatBatch(centre, samples), mul(repeatBatch(away, samples), side));
      return add(middle, within);
    },
    logProb: (z) => sub(logSumExp(stack(sides.map((bump) => bump.logProb(z))), 0), Math.LN2),
  };
}

/** Of these means and log-variances, but half of a normal in the first coordinate, with an edge where that one had its middle. */
function halfNormal(centre: Tensor2D, spread: Tensor2D): Known {
  const [rows, dim] = centre.shape;
  const first = firstOf(dim);
  // |ε| of a standard normal ε has the mean √(2/π) and the variance 1 − 2/π.
  const wide: Tensor2D = sub(spread, mul(first, Math.log(1 - 2 / Math.PI)));
  const edge: Tensor2D = sub(centre, mul(mul(exp(mul(0.5, wide)), first), Math.sqrt(2 / Math.PI)));
  const whole = normal<Tensor2D>(edge, wide);
  /** From the edge on, in the first coordinate. */
  const beyond = (z: Tensor): Tensor2D => sub(z, repeatBatch(edge, z.shape[0] / rows));
  return {
    sample: (key, samples = 1) => {
      const z = whole.sample(key, samples);
      const back = mul(sub(abs(beyond(z)), beyond(z)), first);
      return add(z, back);
    },
    logProb: (z) =>
      where(
        reshape(greaterEqual(slice(beyond(z), [0, 0], [-1, 1]), 0), [-1]),
        add(whole.logProb(z), Math.LN2),
        -Infinity,
      ),
  };
}

/** T and T* at draws of the known posterior. */
async function compare(
  model: Model,
  term: Term,
  primal: Primal,
  batch: Batch,
  discriminator: Params,
  key: Key,
): Promise<Probe> {
  const found: number[] = [];
  const exact: number[] = [];
  for (let draw = 0; draw < compared; draw++) {
    const forward = model.forward(primal, batch, {
      step: 0,
      key: fold(key, draw),
      training: false,
    });
    const made = scope(() => {
      const { pass } = forward;
      const evaluated = term.evaluate(pass, discriminator);
      const t = reshape(evaluated.logits!().posterior, [-1]);
      const divergence = sub(pass.posterior.logProb(pass.z), pass.prior.logProb(pass.z));
      // What of the divergence T does not estimate, as adaptive contrast's normal, is in both.
      const known = sub(evaluated.cost(), t);
      return { t: keep(t.clone()), truth: keep(sub(divergence, known)) };
    });
    forward.dispose();
    found.push(...(await made.t.data()));
    exact.push(...(await made.truth.data()));
    dispose([made.t, made.truth]);
  }
  const meanOf = (values: readonly number[]): number => estimateOf(values).mean;
  const [ofFound, ofExact] = [meanOf(found), meanOf(exact)];
  const spread = meanOf(exact.map((value) => (value - ofExact) ** 2));
  const together = meanOf(exact.map((value, i) => (value - ofExact) * (found[i]! - ofFound)));
  return {
    exact: ofExact,
    found: ofFound,
    missed: 0.5 * meanOf(exact.map((value, i) => (value - found[i]!) ** 2)),
    slope: together / spread,
  };
}
