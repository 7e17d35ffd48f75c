// The aggregate posterior drawn to a mixture of ten normals in the plane.
import { aae } from '@elbo/aae';
import { gaussiansOnCircle, linear } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import { deterministicEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { adam, chain, clipByGlobalNorm, cosine } from '@elbo/optimisers';
import { scatterSvg } from '@elbo/report';
import { batchSize } from '../mnist/binary.mjs';
import { codesOf, kept } from '../mnist/kept.mjs';

const components = 10;
/** Three standard deviations of a component reach just not those of the next. */
const circle = { components, radius: 4, scale: 0.4 };
const rows = 10_000;
const shown = 2000;

const falling = (steps) =>
  chain(
    clipByGlobalNorm(200),
    adam(cosine({ from: 1e-3, steps, start: steps / 2, floor: 0.05 }), { beta1: 0.5 }),
  );

function modelOf({ shape }, { labelled, steps }) {
  const hidden = [300, 300];
  return aae({
    prior: gaussiansOnCircle(circle),
    encoder: deterministicEncoder({ network: mlp({ hidden }), latent: 2 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden }), shape }),
    discriminator: mlp({ hidden: [256, 256], output: 1, activation: 'leakyRelu' }),
    // Heavy at first: two classes that have to change places do not pass each other once images can be told by their codes.
    weight: linear({ from: 100, to: 10, steps: steps / 2 }),
    ...(labelled && { classes: components }),
  });
}

/** How the codes of held-out rows lie among the components, and their picture; D saw the labels of training, or none. */
export async function mixture({ train, held }, { labelled, steps, seed, ...how }) {
  const setting = {
    model: modelOf(train, { labelled, steps }),
    data: train,
    training: { steps, batchSize, primal: falling(steps), dual: falling(steps), ema: 0.99 },
  };
  const name = labelled ? 'mixture-labels' : 'mixture';
  const { params, coreSeconds } = await kept(name, setting, { seed, ...how });
  const { codes, labels } = await codesOf(setting.model, params, held, rows);
  return {
    labelled,
    steps,
    seed,
    ...shares(codes, labels),
    coreSeconds,
    picture: scatterSvg({
      points: codes.slice(0, 2 * shown),
      dims: 2,
      labels: labels.slice(0, shown),
      title: `Codes of ${shown} test images, coloured by digit`,
    }),
  };
}

/** Shares of codes near a component, near the one of their label, and of the fullest and emptiest component. */
function shares(codes, labels) {
  const counts = new Array(components).fill(0);
  let [near, right] = [0, 0];
  labels.forEach((label, row) => {
    const [x, y] = codes.subarray(2 * row, 2 * row + 2);
    const turns = (Math.atan2(y, x) / (2 * Math.PI)) * components;
    const nearest = (Math.round(turns) + components) % components;
    const angle = (2 * Math.PI * nearest) / components;
    const distance = Math.hypot(
      x - circle.radius * Math.cos(angle),
      y - circle.radius * Math.sin(angle),
    );
    if (distance < 3 * circle.scale) near++;
    if (nearest === label) right++;
    counts[nearest]++;
  });
  const of = (count) => count / labels.length;
  return {
    near: of(near),
    right: of(right),
    least: of(Math.min(...counts)),
    most: of(Math.max(...counts)),
  };
}
