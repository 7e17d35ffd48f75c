import type { Estimate } from '../estimate.js';
import type { ElboBounds } from '../likelihood/bounds.js';
import type { Refit } from './refit.js';
import type { Reliability } from './reliability.js';
import type { Weighed } from './weigh.js';

/** What is measured of an ELBO on held-out rows, before it is judged. All in nats but where said. */
export interface Measured extends Weighed {
  /** What an error of the ELBO matters from: the verdict is of whether `deviation` lies within it. */
  readonly tolerance: number;
  /** The mean ELBO as the model estimates it: where it has a discriminator, by the one it was trained with. */
  readonly elbo: number;
  /** The mean importance-sampled log p(x), a lower bound in expectation. */
  readonly logLikelihood: number;
  /** ELBO − importance-sampled log p(x), over rows: a true ELBO's is at most `bias`. */
  readonly excess: Estimate;
  /** How far importance sampling is expected to fall short of log p(x): `bias` of `ImportanceEstimate`. */
  readonly bias: number | undefined;
  /** The median over rows of the effective number of importance samples. */
  readonly effectiveSampleSize: number;
  /** The trained discriminator on fresh draws, where there is one. */
  readonly reliability: Reliability | undefined;
  /** Where it was asked for, and there is a discriminator. */
  readonly refit: Refit | undefined;
  /** Bounds without a discriminator, where they were asked for with `refit`, and the posterior is such that there are. */
  readonly bounds: ElboBounds | undefined;
}
