import { createRegistry, leaves, ShapeError, type Network } from '@elbo/core';
import { conv, mlp, networkKinds } from '@elbo/networks';
import { encoderCategory } from '@elbo/objectives';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { anchoredEncoder, encoderKinds, gaussianEncoder } from '../src/index.js';
import {
  data,
  edited,
  encoders,
  latents,
  mode,
  posteriorOf,
  shape,
  slopes,
  stirred,
  values,
  withoutLast,
} from './support.js';

/** What makes an encoder's noise matter, so that it does not. The noise of a generator is its layers' last 2 inputs. */
function silence(path: string, leaf: tf.Tensor): tf.Tensor | undefined {
  // The diagonal of a factor, row by row, is at 0, 2 and 5.
  if (path === 'cholesky/bias') return tf.tensor([-60, 0, -60, 0, 0, -60]);
  if (/^(logVar|weights)\/bias$/.test(path)) return tf.fill(leaf.shape, -60);
  if (/^(logVar|cholesky|weights)\/kernel$/.test(path)) return tf.zerosLike(leaf);
  return /^layer_\d+\/kernel$/.test(path) ? withoutLast(leaf, 2) : undefined;
}

const registry = createRegistry(...encoderKinds, ...networkKinds);

onBackends('every encoder', () => {
  describe.each(Object.entries(encoders))('%s', (_, make) => {
    const encoder = make();

    it('draws [samples · B, Z]: the whole batch, once for each sample', () => {
      tf.tidy(() => {
        const params = edited(stirred(encoder.init(key(3), shape)), silence);
        const posterior = posteriorOf(encoder, params, data(2));
        const once = posterior.sample(key(1));
        const thrice = posterior.sample(key(2), 3);
        expect(once.shape).toEqual([2, 3]);
        expect(thrice.shape).toEqual([6, 3]);
        // Without noise a row is a function of its x alone, but for an output noise of 0.001.
        const [first, second] = [values(once).slice(0, 3), values(once).slice(3)];
        expect(Math.max(...first.map((value, i) => Math.abs(value - second[i]!)))).toBeGreaterThan(
          0.05,
        );
        const expected = [...first, ...second, ...first, ...second, ...first, ...second];
        values(thrice).forEach((value, i) => {
          expect(Math.abs(value - expected[i]!)).toBeLessThan(0.01);
        });
      });
    });

    it('draws the same for one key, and other values for another', () => {
      tf.tidy(() => {
        const posterior = posteriorOf(encoder, stirred(encoder.init(key(3), shape)), data(4));
        expect(values(posterior.sample(key(1)))).toEqual(values(posterior.sample(key(1))));
        expect(values(posterior.sample(key(1)))).not.toEqual(values(posterior.sample(key(2))));
      });
    });

    it('is differentiable in every parameter, through two samples for each row', () => {
      tf.tidy(() => {
        const x = data(3);
        const weights = latents(6, 9);
        const { tape, difference, unreached } = slopes(
          stirred(encoder.init(key(3), shape)),
          (params) => {
            const z = posteriorOf(encoder, params, x).sample(key(1), 2);
            return tf.sum(tf.mul(tf.tanh(z), weights));
          },
        );
        expect(unreached).toEqual([]);
        expect(Math.abs(tape - difference)).toBeLessThan(5e-3 * Math.max(1, Math.abs(difference)));
      });
    });

    it.runIf(encoder.offers.includes('moments'))('has differentiable moments', () => {
      tf.tidy(() => {
        const x = data(3);
        const { tape, difference } = slopes(stirred(encoder.init(key(3), shape)), (params) => {
          const { mean, logVar } = posteriorOf(encoder, params, x);
          return tf.add(tf.sum(tf.square(mean)), tf.sum(tf.tanh(logVar)));
        });
        expect(Math.abs(tape - difference)).toBeLessThan(1e-2 * Math.max(1, Math.abs(difference)));
      });
    });

    it('is the same, to the bit, when built from its config', () => {
      tf.tidy(() => {
        const again = registry.build(
          encoderCategory,
          JSON.parse(JSON.stringify(encoder.config)) as typeof encoder.config,
        );
        expect(again.config).toEqual(encoder.config);
        expect([again.offers, again.latent]).toEqual([encoder.offers, 3]);
        const x = data(4);
        const [a, b] = [encoder, again].map((each) =>
          posteriorOf(each, each.init(key(3), shape), x),
        );
        expect(values(a!.sample(key(1), 2))).toEqual(values(b!.sample(key(1), 2)));
        if (again.offers.includes('moments')) expect(values(a!.logVar)).toEqual(values(b!.logVar));
      });
    });

    it('sees a condition', () => {
      tf.tidy(() => {
        const params = stirred(encoder.init(key(3), shape, [2]));
        const x = data(2);
        const [a, b] = [tf.zeros([2, 2]), tf.ones([2, 2])].map((condition) =>
          posteriorOf(encoder, params, x, condition as tf.Tensor2D).sample(key(1)),
        );
        expect(values(a!)).not.toEqual(values(b!));
      });
    });

    it('says which encoder data and condition do not fit', () => {
      tf.tidy(() => {
        const { kind } = encoder.config;
        const params = encoder.init(key(3), shape, [2]);
        expect(() => encoder.posterior(params, mode, data(2), undefined).sample(key(1))).toThrow();
        expect(() => encoder.init(key(3), shape, [2, 2])).toThrow(ShapeError);
        expect(() => encoder.init(key(3), shape, [2, 2])).toThrow(`${kind}Encoder`);
      });
    });

    it('makes parameters, and nothing else that lives on', () => {
      const before = tf.memory().numTensors;
      const params = encoder.init(key(3), shape);
      expect(tf.memory().numTensors - before).toBe(leaves(params).length);
      tf.dispose(leaves(params));
    });

    it('holds what its draws need as own enumerable properties, so that a scope can spare it', () => {
      const params = encoder.init(key(3), shape);
      const x = data(2);
      const before = tf.memory().numTensors;
      const posterior = tf.tidy(() => posteriorOf(encoder, params, x) as never) as ReturnType<
        typeof posteriorOf
      >;
      const drawn = tf.tidy(() => values(posterior.sample(key(1), 2)));
      expect(drawn.every(Number.isFinite)).toBe(true);
      tf.dispose(posterior as never);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([x, ...leaves(params)]);
    });
  });

  it('applies its network once for any number of samples', () => {
    tf.tidy(() => {
      const inner = mlp({ hidden: [5] });
      let applied = 0;
      const network: Network = {
        ...inner,
        apply: (...args) => {
          applied++;
          return inner.apply(...args);
        },
      };
      const encoder = anchoredEncoder({ network, latent: 2, noise: 1, hidden: [4] });
      const posterior = posteriorOf(encoder, encoder.init(key(1), shape), data(2));
      posterior.sample(key(1), 5);
      posterior.sample(key(2));
      expect(applied).toBe(1);
    });
  });

  it('names the encoder and the layer that its data do not fit', () => {
    const encoder = gaussianEncoder({ network: conv({ filters: 2, kernel: 3 }), latent: 2 });
    expect(() => encoder.init(key(1), [4])).toThrow(ShapeError);
    expect(() => encoder.init(key(1), [4])).toThrow(/gaussianEncoder › trunk › conv/);
  });

  it('refuses a network that makes one row of all', () => {
    tf.tidy(() => {
      const inner = mlp({ hidden: [5] });
      const network: Network = {
        ...inner,
        apply: (...args) => tf.slice(inner.apply(...args), 0, 1),
      };
      const encoder = gaussianEncoder({ network, latent: 2 });
      const params = encoder.init(key(1), shape);
      expect(() => posteriorOf(encoder, params, data(2))).toThrow(
        /gaussianEncoder: its network makes \[1, 5\] of \[2, 2, 2, 1\]/,
      );
    });
  });
});
