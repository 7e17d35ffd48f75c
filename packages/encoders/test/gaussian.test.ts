import { gaussianMixture, standardNormal } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { gaussianEncoder } from '../src/index.js';
import { data, latents, posteriorOf, shape, stirred, values } from './support.js';

/** Rows of equal x, so that draws of them are draws of one q(z|x). */
function posterior(covariance: 'diagonal' | 'full', rows = 1) {
  const encoder = gaussianEncoder({ latent: 3, covariance, logVarOffset: -0.5 });
  const params = stirred(encoder.init(key(3), shape));
  return { encoder, params, q: posteriorOf(encoder, params, data(rows)) };
}

/** The mean of numbers, and its standard error. */
function meanOf(numbers: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const variance = numbers.reduce((a, b) => a + (b - mean) ** 2, 0) / (numbers.length - 1);
  return { mean, error: Math.sqrt(variance / numbers.length) };
}

onBackends('gaussianEncoder', () => {
  describe.each(['diagonal', 'full'] as const)('%s', (covariance) => {
    it('has the closed form of KL(q ‖ N(0, I)): E_q log q − log p', () => {
      tf.tidy(() => {
        const { q } = posterior(covariance);
        const prior = standardNormal(3);
        const z = q.sample(key(1), 20_000);
        const { mean, error } = meanOf(values(tf.sub(q.logProb(z), prior.logProb(z))));
        expect(Math.abs(values(q.kl!(prior)!)[0]! - mean)).toBeLessThan(4 * error);
      });
    });

    it('knows no closed form for another prior', () => {
      tf.tidy(() => {
        const prior = gaussianMixture({ weights: [1], means: [[0, 0, 0]], logVars: [[0, 0, 0]] });
        expect(posterior(covariance).q.kl!(prior)).toBeUndefined();
      });
    });

    it('has the mean and log variance of its draws', () => {
      tf.tidy(() => {
        const { q } = posterior(covariance);
        const z = q.sample(key(2), 20_000);
        const means = values(q.mean);
        const variances = values(tf.exp(q.logVar));
        for (let d = 0; d < 3; d++) {
          const column = values(tf.slice(z, [0, d], [-1, 1]));
          const first = meanOf(column);
          const second = meanOf(column.map((value) => (value - means[d]!) ** 2));
          expect(Math.abs(first.mean - means[d]!)).toBeLessThan(4 * first.error);
          expect(Math.abs(second.mean - variances[d]!)).toBeLessThan(4 * second.error);
        }
      });
    });

    it('has a log density with no gradient to the encoder, once detached', () => {
      tf.tidy(() => {
        const { encoder, params } = posterior(covariance);
        const x = data(2);
        const z = latents(2, 8);
        const { p } = gradientsOf(
          () => ({ p: tf.sum<tf.Scalar>(posteriorOf(encoder, params, x).detach().logProb(z)) }),
          { p: params },
        );
        expect(p.unreached).toHaveLength(4);
        const attached = values(posteriorOf(encoder, params, x).logProb(z));
        expect(values(posteriorOf(encoder, params, x).detach().logProb(z))).toEqual(attached);
      });
    });
  });

  it('evaluates the multivariate normal density, in doubles, of its layers’ numbers', () => {
    tf.tidy(() => {
      const { params, q } = posterior('full');
      const x = values(data(1));
      const layer = (name: string, units: number): number[] => {
        const group = params[name] as { kernel: tf.Tensor; bias: tf.Tensor };
        const [kernel, bias] = [values(group.kernel), values(group.bias)];
        return bias.map((b, j) => x.reduce((sum, xi, i) => sum + xi * kernel[i * units + j]!, b));
      };
      const mean = layer('mean', 3);
      const raw = layer('cholesky', 6);
      const diagonal = [raw[0]!, raw[2]!, raw[5]!].map((value) => Math.exp((value - 0.5) / 2));
      const z = [0.3, -0.8, 1.1];
      // Forward substitution of L y = z − μ, L row by row.
      const [a, b, c] = z.map((value, d) => value - mean[d]!) as [number, number, number];
      const y0 = a / diagonal[0]!;
      const y1 = (b - raw[1]! * y0) / diagonal[1]!;
      const y2 = (c - raw[3]! * y0 - raw[4]! * y1) / diagonal[2]!;
      const logDet = diagonal.reduce((sum, value) => sum + Math.log(value), 0);
      const exact = -0.5 * (y0 ** 2 + y1 ** 2 + y2 ** 2) - logDet - 1.5 * Math.log(2 * Math.PI);
      expect(values(q.logProb(tf.tensor2d(z, [1, 3])))[0]).toBeCloseTo(exact, 4);

      const trace =
        [raw[1]!, raw[3]!, raw[4]!, ...diagonal].reduce((sum, value) => sum + value ** 2, 0) +
        mean.reduce((sum, value) => sum + value ** 2, 0);
      expect(values(q.kl!(standardNormal(3))!)[0]).toBeCloseTo((trace - 3) / 2 - logDet, 4);
    });
  });

  it('adds `logVarOffset` to the log variance', () => {
    tf.tidy(() => {
      const [a, b] = [0, -3].map((logVarOffset) => {
        const encoder = gaussianEncoder({ latent: 3, logVarOffset });
        return posteriorOf(encoder, encoder.init(key(3), shape), data(2));
      });
      const difference = values(tf.sub(b!.logVar, a!.logVar));
      difference.forEach((value) => {
        expect(value).toBeCloseTo(-3, 5);
      });
    });
  });
});
