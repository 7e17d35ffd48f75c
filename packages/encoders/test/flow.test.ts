import { ConfigError, leaves, type Params } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { planarStep } from '../src/flows/planar.js';
import { flowEncoder } from '../src/index.js';
import { data, latents, mode, posteriorOf, shape, slopes, stirred, values } from './support.js';

const options = {
  planar: { latent: 3, flow: 'planar', steps: 3 },
  autoregressive: { latent: 3, flow: 'autoregressive', steps: 3, hidden: [9, 8] },
} as const;

/** The determinant of a 3×3 matrix, by columns. */
function determinant([a, b, c]: readonly number[][]): number {
  const minor = (i: number, j: number): number => b![i]! * c![j]! - b![j]! * c![i]!;
  return a![0]! * minor(1, 2) - a![1]! * minor(0, 2) + a![2]! * minor(0, 1);
}

onBackends('flowEncoder', () => {
  it('knows how flat a planar step is near a fold, where 1 + wᵀû is less than a rounding error of 1', () => {
    tf.tidy(() => {
      const w = [1, 2, -1];
      const along = -24;
      const step = planarStep(3, 'test').given(
        {
          reach: { kernel: tf.zeros([1, 3]), bias: tf.tensor1d(w.map((x) => (along / 6) * x)) },
          normal: { kernel: tf.zeros([1, 3]), bias: tf.tensor1d(w) },
          bias: { kernel: tf.zeros([1, 1]), bias: tf.zeros([1]) },
        },
        mode,
        tf.ones([1, 1]),
      );
      for (const alpha of [0, 1e-3, 1]) {
        const z = tf.tensor2d([w.map((x) => (alpha / 6) * x)]);
        const stretch = Math.log1p(Math.exp(along + Math.log(Math.E - 1)));
        const h = Math.tanh(alpha);
        const exact = Math.log((1 - h * h) * stretch + h * h);
        expect(Math.abs(values(step.forward(z).logDet)[0]! - exact)).toBeLessThan(1e-4);
      }
    });
  });

  describe.each(['planar', 'autoregressive'] as const)('%s', (flow) => {
    const encoder = flowEncoder(options[flow]);
    const made = (rows: number, scale = 0.8) => {
      const params = stirred(encoder.init(key(3), shape), scale);
      const q = posteriorOf(encoder, params, data(rows));
      const { base, steps } = q as unknown as {
        base: { location: tf.Tensor2D; logVar: tf.Tensor2D };
        steps: readonly {
          forward(z: tf.Tensor2D): { z: tf.Tensor2D; logDet: tf.Tensor1D };
          inverse(z: tf.Tensor2D): { z: tf.Tensor2D; logDet: tf.Tensor1D };
        }[];
      };
      return { params, q, base, steps };
    };

    it('has the log determinants of its Jacobian, by difference quotients', () => {
      tf.tidy(() => {
        for (const step of made(1).steps) {
          const z = latents(1, 8);
          const h = 4e-3;
          const columns = [0, 1, 2].map((d) => {
            const shift = tf.mul(h, tf.cast(tf.oneHot([d], 3), 'float32'));
            const [up, down] = [tf.add(z, shift), tf.sub(z, shift)].map((at) =>
              values(step.forward(at as tf.Tensor2D).z),
            );
            return up!.map((value, i) => (value - down![i]!) / (2 * h));
          });
          const exact = Math.log(Math.abs(determinant(columns)));
          expect(Math.abs(values(step.forward(z).logDet)[0]! - exact)).toBeLessThan(2e-3);
          // A step that did nothing would prove nothing.
          expect(Math.abs(exact)).toBeGreaterThan(0.01);
        }
      });
    });

    it('goes back where it came from, for three draws of each row', () => {
      tf.tidy(() => {
        const z = latents(6, 4);
        for (const step of made(2).steps) {
          const there = step.forward(z);
          const back = step.inverse(there.z);
          values(back.z).forEach((value, i) => {
            expect(Math.abs(value - values(z)[i]!)).toBeLessThan(1e-4);
          });
          values(back.logDet).forEach((value, i) => {
            expect(Math.abs(value - values(there.logDet)[i]!)).toBeLessThan(1e-4);
          });
        }
      });
    });

    it('knows the density of its draws as of any other z, and once detached', () => {
      tf.tidy(() => {
        const { q } = made(2);
        const z = q.sample(key(1), 3);
        const own = values(q.logProb(z));
        for (const other of [q.logProb(tf.clone(z)), q.detach().logProb(z)])
          values(other).forEach((value, i) => {
            expect(Math.abs(value - own[i]!)).toBeLessThan(1e-3);
          });
      });
    });

    it('is differentiable through the way back, in its parameters and in z', () => {
      tf.tidy(() => {
        const { params } = made(1, 0.3);
        const x = data(2);
        const z = latents(4, 6);
        const { tape, difference, unreached } = slopes(params, (p) =>
          tf.sum(posteriorOf(encoder, p, x).logProb(z)),
        );
        expect(unreached).toEqual([]);
        expect(Math.abs(tape - difference)).toBeLessThan(1e-2 * Math.max(1, Math.abs(difference)));
        const inZ = slopes({ z }, (p) =>
          tf.sum(
            posteriorOf(encoder, params, x)
              .detach()
              .logProb(p.z as tf.Tensor2D),
          ),
        );
        expect(Math.abs(inZ.tape - inZ.difference)).toBeLessThan(
          1e-2 * Math.max(1, Math.abs(inZ.difference)),
        );
      });
    });

    it('has no gradient to the encoder, once detached', () => {
      tf.tidy(() => {
        const { params } = made(1);
        const { p } = gradientsOf(
          () => ({
            p: tf.sum<tf.Scalar>(
              posteriorOf(encoder, params, data(2)).detach().logProb(latents(2, 6)),
            ),
          }),
          { p: params },
        );
        expect(p.unreached).toHaveLength(leaves(params).length);
      });
    });

    it('starts as a normal: its steps are the same everywhere', () => {
      tf.tidy(() => {
        const start = encoder.init(key(3), shape);
        const { steps } = posteriorOf(encoder, start, data(1)) as unknown as ReturnType<
          typeof made
        >;
        for (const step of steps) {
          const scale = flow === 'planar' ? 1 : 1 / (1 + Math.exp(-2));
          const z = latents(2, 4);
          values(step.forward(z).z).forEach((value, i) => {
            expect(value).toBeCloseTo(scale * values(z)[i]!, 5);
          });
        }
      });
    });
  });

  it.each(['planar', 'autoregressive'] as const)('in the plane a %s density has mass 1', (flow) => {
    tf.tidy(() => {
      const encoder = flowEncoder({ ...options[flow], latent: 2 });
      const params: Params = stirred(encoder.init(key(3), shape), 0.3);
      const q = posteriorOf(encoder, params, data(1));
      const side = 150;
      const draws = q.sample(key(5), 2000);
      const [low, high] = [tf.min(draws, 0), tf.max(draws, 0)].map(values);
      const axes = [0, 1].map((d) => {
        const margin = high![d]! - low![d]!;
        const step = (3 * margin) / side;
        return { step, at: (i: number): number => low![d]! - margin + (i + 0.5) * step };
      });
      const points = Array.from({ length: side * side }, (_, i) => [
        axes[0]!.at(i % side),
        axes[1]!.at(Math.floor(i / side)),
      ]);
      const mass = values(tf.exp(q.logProb(tf.tensor2d(points)))).reduce((a, b) => a + b, 0);
      // A grid of 50 points over the range of the draws in each direction.
      expect(mass * axes[0]!.step * axes[1]!.step).toBeCloseTo(1, 2);
    });
  });

  it('lets a coordinate see those before it only, and the features', () => {
    tf.tidy(() => {
      const encoder = flowEncoder({ latent: 3, flow: 'autoregressive', steps: 2, hidden: [6] });
      const params = stirred(encoder.init(key(3), shape));
      const { steps } = posteriorOf(encoder, params, data(1)) as unknown as {
        steps: readonly { forward(z: tf.Tensor2D): { z: tf.Tensor2D } }[];
      };
      steps.forEach((step, t) => {
        const z = latents(1, 4);
        const before = values(step.forward(z).z);
        for (let d = 0; d < 3; d++) {
          const bump = tf.cast(tf.oneHot([d], 3), 'float32');
          const after = values(step.forward(tf.add<tf.Tensor2D>(z, bump)).z);
          for (let i = 0; i < 3; i++) {
            const comesLater = t % 2 === 0 ? d > i : d < i;
            if (comesLater) expect(after[i]).toBe(before[i]);
            else expect(after[i]).not.toBe(before[i]);
          }
        }
      });
    });
  });

  it('refuses options that make no flow', () => {
    expect(() => flowEncoder({ latent: 2, flow: 'planar', steps: 0 })).toThrow(ConfigError);
    expect(() => flowEncoder({ latent: 2, flow: 'autoregressive', steps: 1, hidden: [] })).toThrow(
      /'hidden'/,
    );
  });
});
