// What each coordinate of a model's code does.
import { grid } from '@elbo/report';
import { concat, dispose, zeros, type Rank } from '@tensorflow/tfjs-core';
import type { Trained } from '../../runner/trained.js';
import { factorNames, type Scores } from './scores.js';

/** From one end of the prior to the other, in standard deviations. */
const values = Array.from({ length: 9 }, (_, i) => (i - 4) / 2);

/** A coordinate of z, with the factor that it says most of. */
export interface Coordinate {
  readonly coordinate: number;
  readonly factor: string;
  /** What it has of the factor's entropy. */
  readonly share: number;
}

/** The coordinates, the most informative first. */
export function ordered(information: Scores['information']): readonly Coordinate[] {
  return information[0]!
    .map((_, coordinate) => {
      const shares = information.map((row) => row[coordinate]!);
      const share = Math.max(...shares);
      return { coordinate, factor: shares.indexOf(share), share };
    })
    .sort((a, b) => b.share - a.share)
    .map(({ factor, ...rest }) => ({ ...rest, factor: factorNames[factor]! }));
}

/** A PNG of what the decoder makes of each coordinate, the others at 0, a row each. */
export async function drawTraversals(
  { model, params }: Trained,
  { information }: Scores,
): Promise<Uint8Array> {
  const origin = zeros<Rank.R2>([1, model.prior.dim]);
  const made = ordered(information).map(({ coordinate }) =>
    model.traverse(params.primal, origin, coordinate, values),
  );
  const images = concat(made);
  const [count, ...shape] = images.shape as [number, ...number[]];
  const png = grid(await images.data<'float32'>(), {
    count,
    shape,
    columns: values.length,
    scale: 2,
  });
  dispose([origin, images, ...made]);
  return png;
}
