import { standardNormal } from '@elbo/core';
import { inputGradient } from '@elbo/gradients';
import { compose, reconstruction, type Encoder } from '@elbo/objectives';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { likelihoodDecoder } from '../src/index.js';
import { mode, noise, values } from './support.js';

/** log N(3; z₁ − z₂, 1), less its constant. */
const decoder = likelihoodDecoder({
  name: 'difference',
  logLikelihood: (z) => {
    const [a, b] = tf.unstack(z, 1) as [tf.Tensor1D, tf.Tensor1D];
    return tf.mul(tf.square(tf.sub(3, tf.sub(a, b))), -0.5);
  },
});

onBackends('likelihoodDecoder', () => {
  it('is the density that was written, whatever x, and differentiable in z', () => {
    tf.tidy(() => {
      const z = noise<tf.Rank.R2>(1, [4, 2]);
      const logProb = (at: tf.Tensor): tf.Tensor1D =>
        decoder.likelihood({}, mode, at as tf.Tensor2D, undefined).logProb(tf.ones([4, 1]));
      const gradient = values(inputGradient(logProb, z));
      const rows = z.arraySync();
      values(logProb(z)).forEach((value, i) => {
        const left = 3 - (rows[i]![0]! - rows[i]![1]!);
        expect(value).toBeCloseTo(-0.5 * left ** 2, 5);
        expect(gradient[2 * i]).toBeCloseTo(left, 5);
        expect(gradient[2 * i + 1]).toBeCloseTo(-left, 5);
      });
    });
  });

  it('has no parameters, and refuses what a density cannot do', () => {
    const encoder: Encoder<'posterior'> = {
      config: { kind: 'given' },
      offers: ['posterior'],
      latent: 2,
      init: () => ({}),
      posterior: (_params, _mode, x) => ({ sample: () => tf.zeros([x.shape[0], 2]) }),
    };
    const model = compose({
      prior: standardNormal(2),
      encoder,
      decoder,
      terms: [reconstruction()],
    });
    const { primal } = model.init(key(1), [1]);
    expect(primal.decoder).toEqual({});
    expect(() => model.sample(primal, key(2), 3)).toThrow(
      "likelihoodDecoder 'difference' is a density",
    );
  });
});
