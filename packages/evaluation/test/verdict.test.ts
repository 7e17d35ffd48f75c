import { expect, test } from 'vitest';
import { judgement } from '../src/diagnosis/verdict.js';

/** An ELBO that lies five standard errors above log p(x). */
const above = {
  elbo: -1,
  logLikelihood: -1.5,
  excess: { mean: 0.5, error: 0.1 },
  bias: 0,
  effectiveSampleSize: 100,
  reliability: undefined,
  refit: undefined,
  bounds: undefined,
} as unknown as Parameters<typeof judgement>[0];

test('an ELBO above log p(x) is a lagging discriminator’s where there is one, and else nobody’s', () => {
  const without = judgement(above);
  expect(without.verdict).toBe('unknown');
  expect(without.warnings).toHaveLength(1);
  expect(without.warnings[0]).toContain('exceeds the importance-sampled log-likelihood by 0.50');
  expect(without.warnings[0]).not.toContain('discriminator');
  const reliability = { accuracy: 0.6, error: 0.1 } as NonNullable<typeof above.reliability>;
  const adversarial = judgement({ ...above, reliability });
  expect(adversarial.verdict).toBe('lagging');
  expect(adversarial.warnings[0]).toContain('the discriminator lags');
  expect(judgement({ ...above, excess: { mean: 0.1, error: 0.1 } }).verdict).toBe('trustworthy');
});
