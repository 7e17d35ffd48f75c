import { asVectors, type Mode, type Params } from '@elbo/core';
import type { PairNetwork } from '@elbo/discriminators';
import {
  accuracy,
  calibrationError,
  checkedScores,
  lazy,
  logisticLoss,
  type TermEvaluation,
} from '@elbo/objectives';
import {
  concat,
  mul,
  split,
  sum,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** The two samples that a discriminator tells apart, `[B, Z]`. */
export interface Samples {
  /** z ~ q(z|x): label 1. */
  posterior(): Tensor2D;
  /** z ~ p(z), or the noise that stands for it: label 0. */
  prior(): Tensor2D;
}

/** The game of T(x, z) between posterior and prior. */
export interface Contrast extends Required<Pick<TermEvaluation, 'logits'>> {
  /** T at the posterior's sample, `[B, 1]`. */
  atPosterior(): Tensor;
  /** −E log σ(T(x, z_q)) − E log(1 − σ(T(x, z_p))) (Mescheder et al. 2017, eq. 3.3). */
  loss(): Scalar;
  /** `accuracy`, and outside training `calibration`. */
  metrics(): Readonly<Record<string, Scalar>>;
}

/** Plays T on a batch x and two samples of z; `name` is the term's, for errors. */
export function contrast(
  discriminator: PairNetwork,
  params: Params,
  mode: Mode,
  x: Tensor,
  { posterior, prior }: Samples,
  name: string,
): Contrast {
  const given = lazy(() => {
    const scores =
      discriminator.given?.(params, mode, x) ??
      ((z: Tensor2D) => discriminator.apply(params, mode, x, z));
    return (z: Tensor2D) => checkedScores(scores(z), x.shape[0], name);
  });
  const everyCode = discriminator.everyCode?.bind(undefined, params, mode);
  let positive: Tensor | undefined;
  const atPosterior = (): Tensor => (positive ??= given()(posterior()));
  const both = lazy((): readonly [positive: Tensor, negative: Tensor] => {
    if (!everyCode) return [atPosterior(), given()(prior())];
    // z ~ p(z) belongs to every x alike, so where T has a head for each code of x one sample trains them all.
    if (positive) return [positive, everyCode(prior())];
    // One call for both samples costs less than two, as they are small.
    const samples = [posterior(), prior()];
    const rows = samples.map(({ shape }) => shape[0]);
    const [ofPosterior, negative] = split(everyCode(concat(samples)), rows);
    positive = sum(mul(asVectors(x), ofPosterior!), 1, true);
    return [positive, negative!];
  });
  const sides = { positive: () => both()[0], negative: () => both()[1] };
  return {
    atPosterior,
    logits: () => ({ posterior: atPosterior(), contrast: given()(prior()) }),
    loss: () => logisticLoss(sides),
    metrics: () => ({
      accuracy: accuracy(sides),
      ...(!mode.training && { calibration: calibrationError(sides) }),
    }),
  };
}
