// Scores of disentanglement of codes that were made by hand, beside what their definitions give on paper.
import {
  betaVaeScore,
  dci,
  factorVaeScore,
  mig,
  sap,
  type Points,
  type Represented,
} from '@elbo/evaluation';
import { key, normal } from '@elbo/random';

type Pair = readonly [number, number];

/** A score of codes, and what it is by hand. */
export interface CodeRow {
  readonly score: string;
  readonly codes: string;
  readonly found: number;
  readonly byHand: number;
  readonly how: string;
  readonly tolerance: number;
  readonly holds: boolean;
}

/** Every combination of a factor v of 0 to 3 and w of 0 to 2, eight times: independent, and even. */
const grid = Array.from({ length: 96 }, (_, i): Pair => [i % 4, Math.floor(i / 4) % 3]);
const variances = { v: 1.25, w: 2 / 3 };

const pointsOf = (rows: readonly (readonly number[])[]): Points => ({
  values: Float64Array.from(rows.flat()),
  dim: rows[0]!.length,
});
const coded = (code: (v: number, w: number) => readonly number[]): Represented => ({
  codes: pointsOf(grid.map(([v, w]) => code(v, w))),
  factors: pointsOf(grid),
});

const perfect = coded((v, w) => [-3 * w, 0, 10 + v]);
const half = coded((v) => [v, Math.floor(v / 2)]);
const summed = coded((v, w) => [v, v + w]);
const differed = coded((v, w) => [v + w, w]);
const turned = coded((v, w) => {
  const [a, b] = [(v - 1.5) / Math.sqrt(variances.v), (w - 1) / Math.sqrt(variances.w)];
  return [a + b, a - b];
});
const one = coded((v) => [v]);
/** Normal noise, of so many rows that chance lets no factor show. */
const noise = normal(key(5), 100 * 2 * grid.length);
const unrelated: Represented = {
  codes: { values: noise, dim: 2 },
  factors: pointsOf(Array.from({ length: 100 }, () => grid).flat()),
};

/** 1 − the entropy of shares, to the base of their number. */
function concentration(amounts: readonly number[]): number {
  const total = amounts.reduce((a, b) => a + b, 0);
  const entropy = amounts.reduce(
    (sum, amount) => sum - (amount > 0 ? (amount / total) * Math.log(amount / total) : 0),
    0,
  );
  return 1 - entropy / Math.log(amounts.length);
}

/**
 * By hand: v = c₁ − c₂ and w = c₂ of codes c = (v + w, w), so that with all of unit variance v has the weights
 * sd(c₁)/sd(v) and −sd(w)/sd(v), and w has 0 and 1.
 */
function differedByHand(): { readonly disentanglement: number; readonly completeness: number } {
  const ratio = variances.w / variances.v;
  const importance: readonly Pair[] = [
    [Math.sqrt(1 + ratio), 0],
    [Math.sqrt(ratio), 1],
  ];
  const ofCodes = importance.map(([a, b]) => a + b);
  const total = ofCodes[0]! + ofCodes[1]!;
  return {
    disentanglement: importance.reduce(
      (sum, row, i) => sum + (ofCodes[i]! / total) * concentration(row),
      0,
    ),
    completeness: (concentration(importance.map(([v]) => v)) + 1) / 2,
  };
}

const votes = { key: key(1), votes: 800, rows: 64 };
/** Of an accuracy of ½ over as many votes. */
const chance = 4 * Math.sqrt(0.25 / votes.votes);

const row = (
  score: string,
  codes: string,
  found: number,
  byHand: number,
  how: string,
  tolerance = 1e-9,
): CodeRow => ({
  score,
  codes,
  found,
  byHand,
  how,
  tolerance,
  holds: Math.abs(found - byHand) <= tolerance,
});

export function codes(): readonly CodeRow[] {
  const free = { penalty: 0 };
  const ofDiffered = dci(differed, differed, free);
  const differedHand = differedByHand();
  const share = variances.v / (variances.v + variances.w);
  return [
    row('MIG', '(−3w, 0, 10 + v)', mig(perfect).score, 1, 'one coordinate a factor'),
    row('MIG', '(v, v, w, w)', mig(coded((v, w) => [v, v, w, w])).score, 0, 'two are as good'),
    row(
      'MIG',
      '(v, ⌊v/2⌋)',
      mig(half).score,
      0.25,
      'of v 2 bits less 1, over 2; of w 0: their mean',
    ),
    row('SAP', '(−3w, 0, 10 + v)', sap(perfect).score, 1, 'one coordinate a factor'),
    row(
      'SAP',
      '(v, v + w)',
      sap(summed).score,
      1 - share,
      'R² of v: 1 and 15/23; of w: 8/23 and 0',
    ),
    row('SAP', 'turned by 45°', sap(turned).score, 0, 'two are as good'),
    row(
      'DCI, D',
      '(−3w, 0, 10 + v)',
      dci(perfect, perfect).disentanglement,
      1,
      'one coordinate a factor',
    ),
    row(
      'DCI, C',
      '(−3w, 0, 10 + v)',
      dci(perfect, perfect).completeness,
      1,
      'one coordinate a factor',
    ),
    row(
      'DCI, error',
      '(−3w, 0, 10 + v)',
      dci(perfect, perfect).errors[0]!,
      0.02,
      'what the lasso takes off 1',
    ),
    row(
      'DCI, D',
      'turned by 45°',
      dci(turned, turned, free).disentanglement,
      0,
      'even weights',
      1e-7,
    ),
    row(
      'DCI, D',
      '(v + w, w)',
      ofDiffered.disentanglement,
      differedHand.disentanglement,
      'v = c₁ − c₂, w = c₂',
      1e-7,
    ),
    row(
      'DCI, C',
      '(v + w, w)',
      ofDiffered.completeness,
      differedHand.completeness,
      'v = c₁ − c₂, w = c₂',
      1e-7,
    ),
    row(
      'FactorVAE',
      '(−3w, 0, 10 + v)',
      factorVaeScore(perfect, votes).mean,
      1,
      'the fixed factor’s does not vary',
    ),
    row(
      'FactorVAE',
      '(v)',
      factorVaeScore(one, votes).mean,
      0.5,
      'one coordinate, one answer of two',
      chance,
    ),
    row(
      'β-VAE',
      '(−3w, 0, 10 + v)',
      betaVaeScore(perfect, votes).mean,
      1,
      'the fixed factor’s differences are 0',
    ),
    row('β-VAE', '(v)', betaVaeScore(one, votes).mean, 1, '0 where v is fixed, 1¼ ± where w is'),
    row('β-VAE', 'noise', betaVaeScore(unrelated, votes).mean, 0.5, 'chance', chance),
  ];
}
