import { createRegistry, flatten, type Config } from '@elbo/core';
import { mlp, networkKinds } from '@elbo/networks';
import { encoderCategory, type AnyEncoder } from '@elbo/objectives';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { deterministicEncoder, encoderKinds, structuredEncoder } from '../src/index.js';
import { data, mode, shape, values } from './support.js';

const network = mlp({ hidden: [5], activation: 'tanh' });
const deterministic = deterministicEncoder({ network, latent: 3 });
const structured = structuredEncoder({
  network,
  parts: {
    y: { kind: 'softmax', size: 4 },
    point: { kind: 'point', size: 2 },
    style: { kind: 'normal', size: 3 },
  },
});
const registry = createRegistry(...encoderKinds, ...networkKinds);

/** Draws for two rows of data. */
function draw(encoder: AnyEncoder, seed: number, samples?: number): number[][] {
  return tf.tidy(() => {
    const posterior = encoder.posterior(encoder.init(key(3), shape), mode, data(2), undefined);
    return posterior.sample(key(seed), samples).arraySync();
  });
}

onBackends('encoders without a density', () => {
  it.each([deterministic, structured])(
    '$config.kind: are equal when built from a config',
    (encoder) => {
      const config = JSON.parse(JSON.stringify(encoder.config)) as Config;
      const again = registry.build(encoderCategory, config);
      expect(again.config).toEqual(encoder.config);
      expect([again.offers, again.latent]).toEqual([['posterior'], encoder.latent]);
      expect(draw(again, 1)).toEqual(draw(encoder, 1));
    },
  );

  it.each([deterministic, structured])('$config.kind: hold what draws need', (encoder) => {
    tf.tidy(() => {
      const params = encoder.init(key(3), shape);
      const x = data(2);
      const posterior = tf.tidy(() => encoder.posterior(params, mode, x, undefined) as never);
      const z = (posterior as ReturnType<AnyEncoder['posterior']>).sample(key(1), 2);
      expect(values(z).every(Number.isFinite)).toBe(true);
    });
  });

  it('deterministic: all draws of a row are one point', () => {
    const [[a, b], [c, d, e, f]] = [draw(deterministic, 1), draw(deterministic, 2, 2)] as [
      [number[], number[]],
      [number[], number[], number[], number[]],
    ];
    expect(a).not.toEqual(b);
    expect([c, d, e, f]).toEqual([a, b, a, b]);
  });

  describe('structured', () => {
    it('lays its parts side by side: probabilities, a point, and draws', () => {
      const [a, again] = [draw(structured, 1)[0]!, draw(structured, 2)[0]!];
      expect(a).toHaveLength(structured.latent);
      expect(a.slice(0, 4).reduce((x, y) => x + y)).toBeCloseTo(1, 6);
      expect(a.slice(0, 6)).toEqual(again.slice(0, 6));
      expect(a.slice(6)).not.toEqual(again.slice(6));
    });

    it('has a head for each part', () => {
      const made = flatten(structured.init(key(1), shape)).map(({ path }) => path);
      expect(made.filter((path) => path.startsWith('heads') && path.endsWith('kernel'))).toEqual([
        'heads/point/kernel',
        'heads/style/kernel',
        'heads/style_logVar/kernel',
        'heads/y/kernel',
      ]);
    });

    it('refuses a class without an alternative, and no parts', () => {
      expect(() => structuredEncoder({ parts: {} })).toThrow('at least one part');
      expect(() => structuredEncoder({ parts: { y: { kind: 'softmax', size: 1 } } })).toThrow(
        'at least 2',
      );
    });
  });
});
