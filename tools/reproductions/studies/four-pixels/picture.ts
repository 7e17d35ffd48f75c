// Where a model puts the four images.
import { fold, key } from '@elbo/random';
import { scatterSvg } from '@elbo/report';
import { drawPosterior, pixels, type Drawable } from './sampling.js';

const each = 500;

/** An SVG of 500 samples of q(z|x) for each image, coloured by image. */
export async function drawPicture(
  trained: Drawable,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<string> {
  const points = new Float32Array(2 * each * pixels);
  const how = { key: fold(fold(key(seed), 'picture'), 'samples'), signal };
  for (let x = 0; x < pixels; x++)
    points.set(await drawPosterior(trained, x, each, how), 2 * each * x);
  return scatterSvg({
    points,
    dims: 2,
    labels: Int32Array.from({ length: each * pixels }, (_, i) => Math.floor(i / each)),
    names: ['top left', 'top right', 'bottom left', 'bottom right'],
    title: "Samples of AVB's q(z|x), coloured by the lit pixel of x",
  });
}
