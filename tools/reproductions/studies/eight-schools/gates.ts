import { atMost, gate, within, type Gate } from '../../common/gates.js';
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

/** What must hold, whether it does. */
export function gatesOf({ exact, normals, moments, controls, avb }: Found): readonly Gate[] {
  const near = (name: string, value: number, middle: number, by: number): Gate =>
    gate(name, value, within(middle, by, 4));
  const farthest = Math.max(...moments.rows.map(({ apart }) => Math.abs(apart)));
  return [
    ...known.map(([quantity, name, value, digits]) =>
      near(name, exact[quantity], value, Number(`1e-${digits}`)),
    ),
    near('KL of the best mean-field normal', normals['mean-field'].kl.mean, 1.581, 0.003),
    near('KL of the best full-rank normal', normals['full-rank'].kl.mean, 1.175, 0.003),
    gate('farthest moment of HMC, standard errors', farthest, atMost(3.5)),
    near('control: exact posterior', controls.exact.mean, 0, 0.05),
    near('control: full-rank normal', controls['full-rank'].mean, 1.175, 0.06),
    ...avb.flatMap(({ seed, kl, positive }) => [
      gate(`KL of AVB, seed ${seed}`, kl.mean, atMost(0.4)),
      near(`P(τ > 0) of AVB, seed ${seed}`, positive, 0.5, 0.15),
    ]),
  ];
}
