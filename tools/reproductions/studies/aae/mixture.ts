// The aggregate posterior drawn to a mixture of ten normals in the plane.
import { aae } from '@elbo/aae';
import { gaussiansOnCircle, linear } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import type { Dataset } from '@elbo/datasets';
import { deterministicEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import type { Model } from '@elbo/objectives';
import { adam, chain, clipByGlobalNorm, cosine, type Optimiser } from '@elbo/optimisers';
import { scatterSvg } from '@elbo/report';
import { batchSize, codesOf, type BinaryMnist } from '../../common/binary_mnist.js';
import type { Context } from '../../runner/study.js';
import { withTrained } from '../../runner/trained.js';

const components = 10;
/** Three standard deviations of a component reach just not those of the next. */
const circle = { components, radius: 4, scale: 0.4 };
const rows = 10_000;
const shown = 2000;

/** What is trained. */
export interface Chosen {
  /** Whether D sees the labels of training. */
  readonly labelled: boolean;
  readonly steps: number;
  readonly seed: number;
}

/** Shares of codes. */
interface Shares {
  /** Near a component. */
  readonly near: number;
  /** Near the one of their label. */
  readonly right: number;
  /** Of the emptiest and the fullest component. */
  readonly least: number;
  readonly most: number;
}

export interface Mixture extends Chosen, Shares {
  readonly coreSeconds: number;
}

const falling = (steps: number): Optimiser =>
  chain(
    clipByGlobalNorm(200),
    adam(cosine({ from: 1e-3, steps, start: steps / 2, floor: 0.05 }), { beta1: 0.5 }),
  );

function modelOf({ shape }: Dataset, { labelled, steps }: Chosen): Model {
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

/** Trains one model and tells how the codes of held-out rows lie among the components; an SVG of them. */
export function mixture(
  { train, held }: BinaryMnist,
  chosen: Chosen,
  context: Context,
): Promise<{ readonly found: Mixture; readonly codes: string }> {
  const { labelled, steps, seed } = chosen;
  const setting = {
    model: modelOf(train, chosen),
    data: train,
    training: { steps, batchSize, primal: falling(steps), dual: falling(steps), ema: 0.99 },
  };
  const name = labelled ? 'mixture-labels' : 'mixture';
  return withTrained(name, setting, { ...context, seed }, async (trained) => {
    const { codes, labels } = await codesOf(trained.model, trained.params, held, rows);
    return {
      found: { ...chosen, ...shares(codes, labels), coreSeconds: trained.coreSeconds },
      codes: scatterSvg({
        points: codes.slice(0, 2 * shown),
        dims: 2,
        labels: labels.slice(0, shown),
        title: `Codes of ${shown} test images, coloured by digit`,
      }),
    };
  });
}

function shares(codes: Float32Array, labels: Int32Array): Shares {
  const counts = Array.from({ length: components }, () => 0);
  let [near, right] = [0, 0];
  labels.forEach((label, row) => {
    const [x, y] = [codes[2 * row]!, codes[2 * row + 1]!];
    const turns = (Math.atan2(y, x) / (2 * Math.PI)) * components;
    const nearest = (Math.round(turns) + components) % components;
    const angle = (2 * Math.PI * nearest) / components;
    const distance = Math.hypot(
      x - circle.radius * Math.cos(angle),
      y - circle.radius * Math.sin(angle),
    );
    if (distance < 3 * circle.scale) near++;
    if (nearest === label) right++;
    counts[nearest]! += 1;
  });
  const of = (count: number): number => count / labels.length;
  return {
    near: of(near),
    right: of(right),
    least: of(Math.min(...counts)),
    most: of(Math.max(...counts)),
  };
}
