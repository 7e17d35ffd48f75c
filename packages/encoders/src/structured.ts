import {
  expectGiven,
  couplingOf,
  ConfigError,
  defineKind,
  exactly,
  nested,
  paramsAt,
  recordOf,
  repeatBatch,
  type Kind,
  type Mode,
  type Params,
} from '@elbo/core';
import { encoderCategory, type AnyEncoder, type Encoder } from '@elbo/objectives';
import { randomNormal, reparameterize } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import { concat, softmax, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { headOf, logScaleHeadOf, type Head } from './head.js';
import { buildOptions, expectCounts, type EncoderOptions } from './options.js';
import { trunkOf } from './trunk.js';

/**
 * A part of a structured z: `softmax` gives the probabilities of `size` classes; `point` is linear in the features;
 * `normal` is drawn from a normal with independent coordinates.
 */
export type StructuredPart = Readonly<{
  kind: 'softmax' | 'point' | 'normal';
  size: number;
}>;

/** What a structured encoder is made of. */
export interface StructuredEncoderOptions extends Pick<EncoderOptions, 'network'> {
  /** The parts of z by name, in the order of the prior's: see `productPrior`. */
  readonly parts: Readonly<Record<string, StructuredPart>>;
}

/** What the features say of one part: its values, or of a normal its means and log variances, `[B, size]` each. */
interface Made {
  readonly values: Tensor2D;
  readonly logVar?: Tensor2D;
}

interface PartHead {
  init(key: Key, features: number): Params;
  apply(params: Params, mode: Mode, features: Tensor2D): Made;
}

function partHead(name: string, { kind, size }: StructuredPart, where: string): PartHead {
  const centre = headOf(name, size, where);
  const spread: Head | undefined =
    kind === 'normal' ? logScaleHeadOf(`${name}_logVar`, size, where) : undefined;
  return {
    init: (key, features) => ({ ...centre.init(key, features), ...spread?.init(key, features) }),
    apply: (params, mode, features) => {
      const values = centre.apply(params, mode, features);
      return {
        values: kind === 'softmax' ? softmax(values) : values,
        ...(spread && { logVar: spread.apply(params, mode, features) }),
      };
    },
  };
}

/** `samples` draws of a part for each row, `[samples · B, size]`. */
function drawn({ values, logVar }: Made, key: Key, samples: number): Tensor2D {
  const centre = repeatBatch(values, samples);
  if (!logVar) return centre;
  return reparameterize(
    centre,
    repeatBatch(logVar, samples),
    randomNormal<Rank.R2>(key, centre.shape),
  );
}

/**
 * An encoder of a structured z = (z₁, z₂, …), a head for each named part side by side on one trunk: such as the class
 * and the style of a semi-supervised adversarial autoencoder (Makhzani et al. 2015, §4). It can be sampled, and offers no
 * density: a softmax's probabilities are a point of the simplex, and no draw of a class.
 *
 * @throws ConfigError without parts, or for sizes that are no whole numbers from 1 (of a softmax, from 2).
 */
export function structuredEncoder(options: StructuredEncoderOptions): Encoder<'posterior'> {
  expectGiven('structuredEncoder', options, 'parts');
  const { network, parts } = options;
  const where = 'structuredEncoder';
  const entries = Object.entries(parts);
  for (const [name, part] of entries)
    expectGiven(`${where}: the part '${name}'`, part, 'kind', 'size');
  if (entries.length === 0) throw new ConfigError(`${where}: name at least one part.`);
  for (const [name, { kind, size }] of entries)
    expectCounts(where, { [`parts.${name}.size`]: size }, kind === 'softmax' ? 2 : 1);
  const trunk = trunkOf(network, where);
  const heads = entries.map(([name, part]) => ({ name, head: partHead(name, part, where) }));
  return {
    config: {
      kind: 'structured',
      ...(network && { network: network.config }),
      parts,
    },
    offers: ['posterior'],
    latent: entries.reduce((sum, [, { size }]) => sum + size, 0),
    ...couplingOf(network),
    init: (key, x, condition) => {
      const { params, features } = trunk.init(key, x, condition);
      const made = heads.map(({ head }) => head.init(key, features));
      return { ...params, heads: Object.assign({}, ...made) as Params };
    },
    posterior: (params, mode, x, condition) => {
      const features = trunk.apply(params, mode, x, condition);
      const own = paramsAt(params, 'heads');
      const made = heads.map(({ name, head }) => ({ name, ...head.apply(own, mode, features) }));
      const posterior = {
        made,
        sample: (key: Key, samples = 1) =>
          concat(
            made.map((part) => drawn(part, fold(key, part.name), samples)),
            1,
          ),
      };
      return posterior;
    },
  };
}

/** Builds a structured encoder from its config. */
export const structuredKind: Kind<AnyEncoder> = defineKind(
  'structured',
  encoderCategory,
  {
    network: v.exactOptional(nested),
    parts: recordOf(
      exactly({ kind: v.picklist(['softmax', 'point', 'normal']), size: v.number() }),
    ),
  },
  (options, registry) => structuredEncoder(buildOptions(options, registry)),
);
