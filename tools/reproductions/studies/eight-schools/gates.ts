import type { Estimate } from '@elbo/evaluation';
import { atMost, gate, within, type Gate } from '../../common/gates.js';
import { around, exactly, type Interval } from '../../common/intervals.js';
import { drawn } from './divergence.js';
import type { Exact } from './posterior.js';
import type { Found } from './result.js';

/** By quadrature, to the digits that are known from another program. */
export const known: readonly (readonly [keyof Exact, string, number, number])[] = [
  ['logEvidence', 'log Z', -12.7108, 4],
  ['muMean', 'E μ', 0.7764, 4],
  ['muSd', 'sd μ', 0.3238, 4],
  ['tauAbsolute', 'E |τ|', 0.7024, 4],
  ['tauSd', 'sd τ', 0.7892, 4],
  ['tauMode', 'mode of |τ|', 0.625, 3],
];

/** What draws leave open of a figure. */
const ofDraws = ({ mean, error }: Estimate): Interval => around(mean, 1.96 * error);

/** Of a share of so many draws. */
const ofShare = (share: number, count: number): Interval =>
  around(share, 1.96 * Math.sqrt((share * (1 - share)) / count));

/** Everything that is required; of AVB, of each seed. */
export function gatesOf({ exact, normals, moments, controls, avb }: Found): readonly Gate[] {
  const near = (name: string, value: Interval, middle: number, by: number): Gate =>
    gate(name, value, within(middle, by, 4));
  const farthest = Math.max(...moments.rows.map(({ apart }) => Math.abs(apart)));
  return [
    ...known.map(([quantity, name, value, digits]) =>
      near(name, exactly(exact[quantity]), value, Number(`1e-${digits}`)),
    ),
    near('KL of the best mean-field normal', ofDraws(normals['mean-field'].kl), 1.581, 0.003),
    near('KL of the best full-rank normal', ofDraws(normals['full-rank'].kl), 1.175, 0.003),
    gate('farthest moment of HMC, standard errors', exactly(farthest), atMost(3.5)),
    near('control: exact posterior', ofDraws(controls.exact), 0, 0.05),
    near('control: full-rank normal', ofDraws(controls['full-rank']), 1.175, 0.06),
    ...avb.flatMap(({ seed, kl, positive }) => [
      gate(`KL of AVB, seed ${seed}`, ofDraws(kl), atMost(0.4)),
      near(`P(τ > 0) of AVB, seed ${seed}`, ofShare(positive, drawn), 0.5, 0.15),
    ]),
  ];
}
