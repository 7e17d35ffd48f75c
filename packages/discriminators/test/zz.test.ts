import {it} from 'vitest';
import { innerProductDiscriminator } from '@elbo/discriminators';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import { logisticLoss } from '@elbo/objectives';
import { randomNormal } from '@elbo/ops';
import { adam } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

it('r', async () => {
const tower = mlp({ hidden: [32], activation: 'elu' });
const t = innerProductDiscriminator({ x: tower, z: tower, features: 16, priorQuadratic: true });
const optimiser = adam(1e-2);

let params = t.init(key(1), [1], [1]).params;
let state = optimiser.init(params);
for (let step = 0; step < 300; step++) {
  const mode = { training: true, key: fold(key(2), step) };
  const next = tf.tidy(() => {
    const draw = (name: string) => randomNormal<tf.Rank.R2>(fold(mode.key, name), [256, 1]);
    const [x, prior] = [draw('x'), draw('prior')];
    const posterior = tf.add(x, tf.mul(draw('posterior'), 0.5));
    const { dual } = gradientsOf(
      () => ({
        dual: logisticLoss({
          positive: () => t.apply(params, mode, x, posterior),
          negative: () => t.apply(params, mode, x, prior),
        }),
      }),
      { dual: params },
    );
    return optimiser.step(dual.gradients, state, params, step);
  });
  tf.dispose([params, state]);
  ({ params, state } = next);
}

const mode = { training: false, key: key(3) };
const ratio = t.apply(params, mode, tf.tensor2d([[0.5]]), tf.tensor2d([[0.8]]));
const exact = Math.log(2) - 2 * (0.8 - 0.5) ** 2 + 0.8 ** 2 / 2;
console.log('T', (await ratio.data())[0], 'log q − log p', exact);

});
