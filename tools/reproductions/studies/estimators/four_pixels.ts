// Four pixels in the plane, whose log p(x) is known by quadrature, with an encoder that knows nothing of them.
import { mapTree, repeatBatch, standardNormal } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { estimateOf } from '@elbo/evaluation';
import { mlp } from '@elbo/networks';
import type { Primal } from '@elbo/objectives';
import { key } from '@elbo/random';
import { vae } from '@elbo/vae';
import { keep, mul, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { logIntegral, midpoints } from '../four-pixels/quadrature.js';
import type { World } from './world.js';

const side = 400;
/** Weights that are this much larger than at the start of training: posteriors with edges, and of several parts. */
const sharpness = 3;
const rows = [0, 1, 2, 3].map((one) => [0, 1, 2, 3].map((pixel) => Number(pixel === one)));

/** z of two dimensions, four independent bits, one of which is 1; networks that were never trained. */
export async function fourPixels(): Promise<Omit<World, 'covariance'>> {
  const network = mlp({ hidden: [16] });
  const model = vae({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ network, latent: 2 }),
    decoder: bernoulliDecoder({ network, shape: [4] }),
  });
  const { primal } = model.init(key(3), [4]);
  const params: Primal = {
    ...primal,
    decoder: tidy(() => mapTree(primal.decoder, (weights) => keep(mul(weights, sharpness)))),
  };
  const z = tensor2d(midpoints(side), [side * side, 2]);
  const truths: number[] = [];
  for (const row of rows) {
    const values = tidy(() =>
      model.decoder
        .likelihood(params.decoder, { training: false, key: key(0) }, z, undefined)
        .logProb(repeatBatch(tensor2d([row]), side * side)),
    );
    truths.push(logIntegral(Float64Array.from(await values.data()), side));
    values.dispose();
  }
  z.dispose();
  return {
    model,
    params,
    batch: () => ({ x: tensor2d(rows) }),
    truth: estimateOf(truths).mean,
  };
}
