// What models are worth beside each other, on the images that both were measured on.
import { estimateOf, type Estimate } from '@elbo/evaluation';
import type { Measured, OfRows } from './measured.js';

/** One trained model, and its figures. */
export interface Result extends Measured {
  readonly name: string;
  readonly seed: number;
  readonly steps: number;
  readonly coreSeconds: number;
}

/** A difference of two models, and what it must be, if anything. */
export interface Comparison extends Estimate {
  readonly what: string;
  readonly required: string;
  readonly holds: boolean;
}

/** Rows of a − b. */
export const paired = (a: OfRows, b: OfRows): OfRows =>
  a.slice(0, b.length).map((value, i) => value - b[i]!);

/** What a model's ELBO is, without the discriminator it was trained with. */
export const elboOf = ({ elbo, doctor }: Result): OfRows =>
  doctor ? (doctor.bounds?.lower ?? doctor.refit.rows) : elbo;

const told = (): boolean => true;

/** The differences that are claimed, of one latent dimension. */
export function comparisons(results: readonly Result[]): readonly Comparison[] {
  const of = (name: string): Result | undefined => results.find((result) => result.name === name);
  const made: Comparison[] = [];
  const add = (
    what: string,
    a: OfRows,
    b: OfRows,
    required = '',
    holds: (difference: Estimate) => boolean = told,
  ): void => {
    const difference = estimateOf(paired(a, b));
    made.push({ what, ...difference, required, holds: holds(difference) });
  };
  const best = of('avb-anchored');
  const vae = of('vae');
  if (vae && best) {
    add(
      'ELBO of anchored AVB, from below, over VAE',
      best.elboOfMany!,
      vae.elboOfMany!,
      '> 0 surely',
      ({ mean, error }) => mean - 1.96 * error > 0,
    );
    const aisOf = ({ aisOfMany, ais }: Result): OfRows => (aisOfMany ?? ais).values;
    add(
      'log p(x) of anchored AVB over VAE, AIS',
      aisOf(best),
      aisOf(vae),
      '≥ −0.3',
      ({ mean }) => mean >= -0.3,
    );
    add('log p(x) of anchored AVB over VAE, IS', best.importance.values, vae.importance.values);
  }
  const slow = of('vae-long');
  if (slow && best)
    add('ELBO of anchored AVB over the VAE of equal time', best.elboOfMany!, slow.elboOfMany!);
  const iwae = of('iwae-half');
  const short = of('vae-half');
  if (iwae && short) {
    add(
      'log p(x) of IWAE over VAE, AIS',
      iwae.ais.values,
      short.ais.values,
      '≥ 1',
      ({ mean }) => mean >= 1,
    );
    add('log p(x) of IWAE over VAE, IS', iwae.importance.values, short.importance.values);
  }
  return made;
}
