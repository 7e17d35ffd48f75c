import { createRegistry, leaves, type Config, type Params } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { networkKinds } from '@elbo/networks';
import { encoderCategory, type AnyEncoder } from '@elbo/objectives';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { encoderKinds, mixtureEncoder, structuredEncoder } from '../src/index.js';
import { data, encoders, mode, shape, values } from './support.js';

const registry = createRegistry(...encoderKinds, ...networkKinds);

/** An encoder as it is but for its network, so that its heads see x itself. */
function bare(encoder: AnyEncoder): AnyEncoder {
  const options = Object.entries(encoder.config).filter(([name]) => name !== 'network');
  return registry.build(encoderCategory, Object.fromEntries(options) as unknown as Config);
}

const all: Readonly<Record<string, () => AnyEncoder>> = {
  ...Object.fromEntries(Object.entries(encoders).map(([name, make]) => [name, () => bare(make())])),
  mixture: () => mixtureEncoder({ classes: 2, continuous: 2 }),
  structured: () => structuredEncoder({ parts: { s: { kind: 'normal', size: 3 } } }),
};

/** Whether draws at data of this scale, and the gradient of their mean square, are finite at fresh parameters. */
function finiteAt(encoder: AnyEncoder, params: Params, scale: number): boolean {
  return tf.tidy(() => {
    const x = tf.mul(data(4), scale);
    const found = gradientsOf(
      () => {
        const z = encoder.posterior(params, mode, x, undefined).sample(key(2));
        return { z: tf.mean<tf.Scalar>(tf.square(z)) };
      },
      { z: params },
    ).z;
    return [found.value, ...leaves(found.gradients)].every((leaf) =>
      values(leaf).every(Number.isFinite),
    );
  });
}

describe('encoders of data of any scale', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(Object.keys(all))(
    '%s: draws and gradients are finite before anything is learned',
    (name) => {
      for (const scale of [1e-6, 50, 2000, 1e6])
        for (let seed = 0; seed < 2; seed++) {
          const encoder = all[name]!();
          const params = encoder.init(key(seed), shape);
          expect(finiteAt(encoder, params, scale), `scale ${scale}, seed ${seed}`).toBe(true);
        }
    },
  );
});
