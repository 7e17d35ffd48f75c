// Where a model puts the four images.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fold, key } from '@elbo/random';
import { scatterSvg } from '@elbo/report';
import { root } from '../../lib/workspace.mjs';
import { drawPosterior, pixels } from './sampling.mjs';

const each = 500;

/** Draws 500 samples of q(z|x) for each image, coloured by image, into docs/reproductions/; gives the file's name. */
export async function drawPicture(trained, { seed, signal }) {
  const points = new Float32Array(2 * each * pixels);
  const how = { key: fold(fold(key(seed), 'picture'), 'samples'), signal };
  for (let x = 0; x < pixels; x++)
    points.set(await drawPosterior(trained, x, each, how), 2 * each * x);
  const svg = scatterSvg({
    points,
    dims: 2,
    labels: Int32Array.from({ length: each * pixels }, (_, i) => Math.floor(i / each)),
    names: ['top left', 'top right', 'bottom left', 'bottom right'],
    title: "Samples of AVB's q(z|x), coloured by the lit pixel of x",
  });
  const folder = join(root, 'docs', 'reproductions');
  const name = 'four-pixels.svg';
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), svg);
  return name;
}
