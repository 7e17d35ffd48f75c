import { describe, expect, it } from 'vitest';
import type { Evidence } from '../src/diagnosis/evidence.js';
import { judgement } from '../src/diagnosis/verdict.js';
import { weigh } from '../src/diagnosis/weigh.js';

type Found = Parameters<typeof judgement>[0];

const tolerance = 0.01;
const says = (
  from: number,
  to: number,
  {
    by = 'fresh ones',
    allows = true,
    doubt,
  }: Partial<Pick<Evidence, 'by' | 'allows' | 'doubt'>> = {},
): Evidence => ({ by, deviation: [from, to], interval: [-1 - to, -1 - from], allows, doubt });

/** What is found of an ELBO of −1 by this evidence. */
function found(
  evidence: readonly Evidence[],
  { accuracy = 0.6 }: { readonly accuracy?: number | undefined } = {},
): Found {
  return {
    elbo: -1,
    tolerance,
    logLikelihood: -1.5,
    excess: { mean: 0.5, error: 0.1 },
    bias: 0,
    effectiveSampleSize: 100,
    reliability: { accuracy, error: 0.1, curve: [] },
    refit: undefined,
    bounds: undefined,
    ...weigh(evidence, tolerance),
  };
}
const verdictOf = (evidence: readonly Evidence[], accuracy = 0.6): string =>
  judgement(found(evidence, { accuracy })).verdict;
const nothing = 1e-9;

describe('the verdict', () => {
  it('trusts an ELBO that is within the tolerance for sure, borders included, and no other', () => {
    expect(verdictOf([says(-tolerance, tolerance)])).toBe('trustworthy');
    expect(verdictOf([says(-tolerance - nothing, tolerance)])).toBe('unknown');
    expect(verdictOf([says(-tolerance, tolerance + nothing)])).toBe('unknown');
    expect(judgement(found([says(-tolerance, tolerance)])).warnings).toEqual([]);
  });

  it('says that one lags which is off by more for sure, on either side', () => {
    expect(verdictOf([says(tolerance + nothing, 1)])).toBe('lagging');
    expect(verdictOf([says(tolerance, 1)])).toBe('unknown');
    expect(verdictOf([says(-1, -tolerance - nothing)])).toBe('lagging');
    expect(verdictOf([says(-1, -tolerance)])).toBe('unknown');
    const [above] = judgement(found([says(0.3, 1)])).warnings;
    expect(above).toContain('above the true one by 0.300 nat at least, by fresh ones');
    expect(above).toContain('lags behind');
    expect(above).toContain('−2.000 to −1.300');
    const [below] = judgement(found([says(-1, -0.3)])).warnings;
    expect(below).toContain('below the true one by 0.300 nat at least');
    expect(below).toContain('overstates the divergence');
  });

  it('says why nothing is decided: a wide interval, one end of it, none', () => {
    const sayOf = (evidence: readonly Evidence[]): readonly string[] =>
      judgement(found(evidence)).warnings;
    expect(sayOf([says(-0.005, 0.0801)])).toHaveLength(1);
    expect(sayOf([says(-0.005, 0.0801)])[0]).toMatch(
      /between 0\.005 nat below and 0\.080 nat above the true one, and 0\.010 nat/,
    );
    expect(sayOf([says(-0.2, Infinity)])[0]).toMatch(
      /no more than 0\.200 nat below the true one.*fitted afresh/,
    );
    expect(sayOf([says(-Infinity, 0.2)])[0]).toContain('no more than 0.200 nat above the true one');
    expect(sayOf([says(0.005, Infinity)])[0]).toContain('at least 0.005 nat above the true one');
    expect(sayOf([says(-Infinity, -0.005)])[0]).toContain('at least 0.005 nat below the true one');
    const doubted = sayOf([says(-0.005, 0.005, { doubt: 'four rows: take more' })]);
    expect(doubted[0]).toContain('four rows: take more');
    expect(doubted[1]).toContain('not known');
  });

  it('is saturated above an accuracy of .95, but where the ELBO is known to be right', () => {
    expect(verdictOf([says(-1, 1)], 0.95)).toBe('unknown');
    expect(verdictOf([says(-1, 1)], 0.95 + nothing)).toBe('saturated');
    expect(verdictOf([says(0.5, 1)], 0.96)).toBe('saturated');
    expect(verdictOf([says(-tolerance, tolerance)], 0.96)).toBe('trustworthy');
  });

  it('is of nobody’s lag where there is no discriminator', () => {
    const without = (evidence: readonly Evidence[]): ReturnType<typeof judgement> =>
      judgement({ ...found(evidence), reliability: undefined });
    const above = without([says(0.5, Infinity)]);
    expect(above.verdict).toBe('unknown');
    expect(above.warnings).toHaveLength(1);
    expect(above.warnings[0]).toContain('exceeds the importance-sampled log-likelihood by 0.50');
    expect(above.warnings[0]).not.toContain('discriminator');
    expect(without([says(tolerance, Infinity)]).verdict).toBe('trustworthy');
    expect(without([says(0, Infinity, { doubt: 'few' })]).verdict).toBe('unknown');
  });

  it('decides nothing by what is not a number', () => {
    expect(verdictOf([says(NaN, NaN)])).toBe('unknown');
    expect(verdictOf([says(NaN, 0)])).toBe('unknown');
  });
});

describe('evidence', () => {
  it('narrows what other evidence says, and does not where it is doubted', () => {
    const wide = says(-0.005, 0.3);
    expect(weigh([wide, says(0.002, 0.1)], tolerance).deviation).toEqual([0.002, 0.1]);
    expect(weigh([wide, says(0, 0.1, { doubt: 'few' })], tolerance).deviation).toEqual([
      -0.005, 0.3,
    ]);
  });

  it('is dropped that leaves room beyond a bound by more than the tolerance', () => {
    // Four pixels: fresh ones allow an ELBO of up to +18.6, and no model exceeds −log 4.
    const bound = says(-0.2, Infinity, { by: 'the entropy of the data' });
    const at = (beyond: number) => weigh([says(-0.2 - beyond, 0.1), bound], tolerance);
    expect(at(tolerance).deviation).toEqual([-0.2, 0.1]);
    const crossing = at(tolerance + nothing);
    expect(crossing.deviation).toEqual([-0.2, Infinity]);
    expect(crossing.evidence[0]!.doubt).toContain('the entropy of the data');
    expect(judgement({ ...found([]), ...crossing }).verdict).toBe('unknown');
  });

  it('is not asked for an allowance where bounds decide by themselves', () => {
    const allowing = says(-0.001, 0.004);
    const bounds = (from: number, to: number): Evidence =>
      says(from, to, { by: 'bounds', allows: false });
    const inside = weigh([allowing, bounds(-0.005, 0.008)], tolerance);
    expect(inside.deviation).toEqual([-0.005, 0.008]);
    const off = weigh([says(0.03, 0.05), bounds(0.02, 0.09)], tolerance);
    expect(off.deviation).toEqual([0.02, 0.09]);
    // They leave it open: what rests on an allowance helps.
    expect(weigh([allowing, bounds(-0.005, 0.3)], tolerance).deviation).toEqual([-0.001, 0.004]);
    expect(weigh([allowing, bounds(-0.005, Infinity)], tolerance).deviation[1]).toBe(0.004);
  });

  it('is dropped where bounds leave no room for its allowance', () => {
    const short = weigh([says(0, 0.02), says(0.025, 0.3, { by: 'bounds', allows: false })], 0.05);
    expect(short.deviation).toEqual([0.025, 0.3]);
    expect(short.evidence[0]!.doubt).toContain('miss more than they allow for, by bounds');
    expect(short.evidence[1]!.doubt).toBeUndefined();
  });

  it('says nothing where it contradicts itself', () => {
    const { deviation, evidence } = weigh(
      [says(0.1, 0.2), says(-Infinity, 0.05, { allows: false })],
      tolerance,
    );
    expect(deviation).toEqual([-Infinity, Infinity]);
    for (const { doubt } of evidence) expect(doubt).toBeDefined();
  });
});

describe('what would make the interval narrower', () => {
  const remedyOf = (missed: number, draws: number, rows: number): string =>
    judgement({
      ...found([says(-0.5, 0.5)]),
      refit: { missed, margins: { draws, rows } } as unknown as Found['refit'],
    }).warnings.join();

  it('is what makes most of it: what discriminators miss, or the sampling of draws or rows, on both sides', () => {
    expect(remedyOf(0.3, 0.1, 0.1)).toContain('0.300 nat, is what discriminators may miss');
    expect(remedyOf(0.3, 0.2, 0.1)).toContain('the sampling of draws');
    expect(remedyOf(0.3, 0.1, 0.2)).toContain('the sampling of rows: take more.');
    expect(remedyOf(0.01, 0.02, 0.001)).toContain('the sampling of draws');
    expect(judgement(found([says(-0.5, 0.5)])).warnings.join()).toContain('Take more rows.');
  });
});
