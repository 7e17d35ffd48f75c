// What each coordinate of a model's code does.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grid } from '@elbo/report';
import { concat, dispose, zeros } from '@tensorflow/tfjs-core';
import { root } from '../../lib/workspace.mjs';
import { factorNames } from './scores.mjs';

/** From one end of the prior to the other, in standard deviations. */
const values = Array.from({ length: 9 }, (_, i) => (i - 4) / 2);

/** The coordinates with the factor that each says most of, by how much: `share` is of the factor's entropy. */
export function ordered(information) {
  return information[0]
    .map((_, coordinate) => {
      const shares = information.map((row) => row[coordinate]);
      const share = Math.max(...shares);
      return { coordinate, factor: shares.indexOf(share), share };
    })
    .sort((a, b) => b.share - a.share)
    .map(({ factor, ...rest }) => ({ ...rest, factor: factorNames[factor] }));
}

/** Draws what the decoder makes of each coordinate, the others at 0, a row each, into docs/reproductions/; gives the file's name. */
export async function drawTraversals({ model, params }, { information }) {
  const origin = zeros([1, model.prior.dim]);
  const made = ordered(information).map(({ coordinate }) =>
    model.traverse(params.primal, origin, coordinate, values),
  );
  const images = concat(made);
  const [count, ...shape] = images.shape;
  const png = grid(await images.data(), { count, shape, columns: values.length, scale: 2 });
  dispose([origin, images, ...made]);
  const folder = join(root, 'docs', 'reproductions');
  const name = 'disentanglement.png';
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), png);
  return name;
}
