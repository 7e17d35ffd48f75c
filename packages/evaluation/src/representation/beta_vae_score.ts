import { fold, integers } from '@elbo/random';
import { expectCount } from '../estimable.js';
import type { Estimate } from '../estimate.js';
import { countOf } from '../points.js';
import type { VoteOptions } from './factor_vae_score.js';
import { expectRepresented, type Represented } from './factors.js';
import { sharing } from './fixed_factor.js';
import { linearProbe, type LabelledPoints } from './linear_probe.js';

/**
 * The β-VAE score (Higgins et al. 2017, §3): pairs of rows share one factor, each pair a value of its own; a linear
 * classifier should tell which factor from the mean over the pairs of |z − z'|. The accuracy on as many votes again,
 * 1/K at chance.
 *
 * @throws DataError when codes and factors do not go together, or the values of a factor are nearly all different.
 */
export function betaVaeScore(
  represented: Represented,
  { key, votes = 800, rows = 64 }: VoteOptions,
): Estimate {
  expectRepresented('betaVaeScore', represented);
  expectCount('betaVaeScore', 'votes', votes, 1);
  expectCount('betaVaeScore', 'rows', rows, 1);
  const { codes, factors } = represented;
  const { dim } = codes;
  const shared = sharing('betaVaeScore', factors);
  const differences = (name: string): LabelledPoints => {
    const source = fold(key, name);
    const labels = integers(fold(source, 'factors'), votes, factors.dim);
    const values = new Float64Array(votes * dim);
    labels.forEach((factor, vote) => {
      const firsts = integers(fold(fold(source, 'firsts'), vote), rows, countOf(codes));
      // A large number modulo the group's size: as even as may be, with one draw for groups of all sizes.
      const seconds = integers(fold(fold(source, 'seconds'), vote), rows, 2 ** 31);
      firsts.forEach((first, pair) => {
        const group = shared(factor, first);
        const second = group[seconds[pair]! % group.length]!;
        for (let i = 0; i < dim; i++)
          values[vote * dim + i]! +=
            Math.abs(codes.values[first * dim + i]! - codes.values[second * dim + i]!) / rows;
      });
    });
    return { points: { values, dim }, labels };
  };
  return linearProbe(differences('train'), differences('test'));
}
