import { headedDiscriminator } from '@elbo/discriminators';
import { mlp } from '@elbo/networks';
import { key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor2d, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { contrast } from '../src/contrast.js';

beforeAll(() => setBackend('cpu'));

const x = (): Tensor2D =>
  tensor2d([
    [1, 0, 0],
    [0, 0, 1],
  ]);
const z = (name: number): Tensor2D => tensor2d(normal(key(name), 4), [2, 2]);

it('T at the posterior is one number a row, whichever way it is asked first, of every kind of discriminator', () => {
  const network = mlp({ hidden: [5], output: 4 });
  const headed = headedDiscriminator({ network, zeroOutput: false });
  // The same, as one that cannot be asked about all codes at once.
  const { everyCode: _everyCode, ...single } = headed;
  expect(_everyCode).toBeDefined();
  tidy(() => {
    const { params } = headed.init(key(1), [3], [2]);
    const mode = { training: true, key: key(2) };
    const wanted = [...headed.apply(params, mode, x(), z(3)).dataSync()];
    const close = wanted.map((value) => expect.closeTo(value, 5) as unknown);
    const expectT = (t: Tensor): void => {
      expect(t.shape).toEqual([2, 1]);
      expect([...t.dataSync()]).toEqual(close);
    };
    for (const discriminator of [headed, single]) {
      const play = (): ReturnType<typeof contrast> =>
        contrast(
          discriminator,
          params,
          mode,
          x(),
          { posterior: () => z(3), prior: () => z(4) },
          'it',
        );
      expectT(play().atPosterior());
      expectT(play().logits().posterior);
      const lossFirst = play();
      const loss = lossFirst.loss().dataSync()[0]!;
      expectT(lossFirst.atPosterior());
      const scoresFirst = play();
      expectT(scoresFirst.atPosterior());
      expect(scoresFirst.loss().dataSync()[0]).toBeCloseTo(loss, 5);
    }
  });
});
