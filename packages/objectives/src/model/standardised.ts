import {
  CompositionError,
  ConfigError,
  defineKind,
  exactly,
  formatShape,
  leastSd,
  nested,
  ShapeError,
  type ColumnMoments,
  type DataMoments,
  type Distribution,
  type Kind,
  type Shape,
} from '@elbo/core';
import {
  add,
  div,
  keep,
  matMul,
  mul,
  sub,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Batch } from '../pass/batch.js';
import type { Ability } from '../pass/posterior.js';
import { assembled } from './compose.js';
import type { AnyEncoder, Decoder, Encoder } from './encoder_decoder.js';
import { modelCategory, type Model } from './model.js';
import { modelFunctions } from './model_functions.js';
import { overriding } from './overriding.js';

/** From the data's own units to standardised ones, and back. */
interface Units {
  /** How many places of the last axis have a unit. */
  readonly places: number;
  to<T extends Tensor>(x: T): T;
  from<T extends Tensor>(x: T): T;
  /** log |d to(x) / dx| of each row of `x`, in whichever of the two units, in nats: one number, or `[B]`. */
  logJacobian(x: Tensor): number | Tensor1D;
}

function unitsOf({ mean, sd, seen }: ColumnMoments & Pick<DataMoments, 'seen'>): Units {
  const [centre, scale] = [(): Tensor => tensor1d([...mean]), (): Tensor => tensor1d([...sd])];
  const logScales = sd.map(Math.log);
  const logScale = logScales.reduce((sum, one) => sum + one, 0);
  // First the difference: it is exact in float32 where the spread is small beside the mean.
  const to = <T extends Tensor>(x: T): T => div(sub(x, centre()), scale());
  const always = {
    places: sd.length,
    to,
    from: <T extends Tensor>(x: T): T => add(mul(x, scale()), centre()),
    logJacobian: (x: Tensor) => -logScale * (x.size / x.shape[0] / sd.length),
  };
  if (!seen) return always;
  return {
    ...always,
    to: (x) => mul(to(x), seenPlaces(x, seen)),
    logJacobian: (x) => sum(mul(seenPlaces(x, seen), tensor1d(logScales.map((one) => -one))), 1),
  };
}

/** Of rows `[B, places]` what is seen, 1, and what is missing, 0: the bits are the same in both units. */
function seenPlaces(x: Tensor, seen: readonly number[]): Tensor2D {
  const places = seen.length;
  const bits = new Float32Array(places * places);
  seen.forEach((bit, place) => {
    if (bit >= 0) bits[bit * places + place] = 1;
  });
  const always = tensor1d(seen.map((bit) => (bit < 0 ? 1 : 0)));
  return add(matMul(x as Tensor2D, tensor2d(bits, [places, places])), always);
}

/**
 * A model whose networks, terms and critics meet the data standardised, (x − mean) / sd for each place of the last axis,
 * while it takes and gives data in their own units: `decode`, `sample` and `reconstruct` put back what was taken away.
 * Densities are those of the data as they are: log p(x) = log p((x − mean) / sd) − Σ log sd, the sum over all elements of a
 * row. What is no density (a game, a transport cost, a distance of features) is measured in standardised units.
 *
 * A pass is in standardised units throughout: compare its distributions with its own `x`. The model's `encoder` and
 * `decoder` are in the data's own. Moments are parameters of no player; they are part of the config.
 *
 * @throws CompositionError for a likelihood that is not of all real numbers; ConfigError for moments that do not fit.
 */
export function standardised<M extends Model>(model: M, moments: DataMoments): M {
  const { decoder, encoder, prior, terms } = model;
  if (model.standard)
    throw new CompositionError('standardised: the model is standardised already.');
  if (decoder.support?.kind !== 'real')
    throw new CompositionError(
      `standardised: the likelihood of '${decoder.config.kind}' is not over all real numbers, so its values cannot be rescaled; use a Gaussian decoder, or leave the data as they are.`,
    );
  expectMoments(moments, '');
  if (moments.condition) expectMoments(moments.condition, 'condition.');
  expectSeen(moments);
  const units = unitsOf(moments);
  const given = moments.condition && unitsOf(moments.condition);
  const conditionOf = (condition: Tensor2D | undefined): Tensor2D | undefined =>
    condition && given ? given.to(condition) : condition;

  const inner = assembled({
    prior,
    // What it offers was checked against the terms when the model was composed.
    ...(encoder && { encoder: encoder as Encoder<Ability> }),
    decoder: withJacobian(decoder, units),
    terms,
    config: {
      kind: 'standardised',
      model: model.config,
      mean: moments.mean,
      sd: moments.sd,
      ...(moments.seen && { seen: moments.seen }),
      ...(moments.condition && {
        condition: { mean: moments.condition.mean, sd: moments.condition.sd },
      }),
    },
  });
  const whole: Model = {
    ...model,
    ...inner,
    encoder: encoder && inOwnUnits(encoder, units, conditionOf),
    decoder: overriding(decoder, {
      likelihood: (params, mode, z, condition) =>
        backIn(
          inner.decoder.likelihood(params, mode, z, conditionOf(condition)),
          units,
          decoder.config.kind,
        ),
    }),
    standard: { model, moments },
    init: (key, x, condition) => {
      expectPlaces(x, moments.mean.length, 'data');
      if (moments.condition)
        expectPlaces(condition ?? [0], moments.condition.mean.length, 'conditions');
      return inner.init(key, x, condition);
    },
    forward: (params, batch, moment) => {
      const standard = standardBatch(batch, units, conditionOf);
      const forward = inner.forward(params, standard, moment);
      return {
        pass: forward.pass,
        dispose: () => {
          forward.dispose();
          standard.x.dispose();
          if (standard.condition !== batch.condition) standard.condition?.dispose();
        },
      };
    },
    ...modelFunctions(() => whole),
    priorOf: inner.priorOf,
  };
  return whole as M;
}

/** A batch in standardised units; the tensors that differ from the batch's are kept from any scope, for a pass to free. */
function standardBatch(
  { x, condition, label }: Batch,
  units: Units,
  conditionOf: (condition: Tensor2D | undefined) => Tensor2D | undefined,
): Batch {
  return tidy(() => {
    const own = conditionOf(condition);
    return {
      x: keep(units.to(x)),
      ...(own && { condition: own === condition ? own : keep(own) }),
      ...(label && { label }),
    };
  });
}

/** The decoder of standardised data, with the densities of the data as they are. */
function withJacobian(decoder: Decoder, units: Units): Decoder {
  return overriding(decoder, {
    likelihood: (...of) => {
      const p = decoder.likelihood(...of);
      return overriding(p, { logProb: (x) => add(p.logProb(x), units.logJacobian(x)) });
    },
  });
}

/** A distribution of standardised values with the right density, over values in their own units. */
function backIn(standard: Distribution, units: Units, kind: string): Distribution {
  const back = (made: Tensor): Tensor => {
    // One number for all places would be repeated in each.
    if (made.shape.at(-1) !== units.places)
      throw new ShapeError(
        `The likelihood of '${kind}' gives ${formatShape(made.shape)}, and the data have ${units.places} places in the last axis.`,
      );
    return units.from(made);
  };
  const distribution: Distribution & { readonly standard: Distribution } = {
    standard,
    sample: (key, samples) => back(standard.sample(key, samples)),
    logProb: (x) => standard.logProb(units.to(x)),
    mean: () => back(standard.mean()),
  };
  return distribution;
}

function inOwnUnits(
  encoder: AnyEncoder,
  units: Units,
  conditionOf: (condition: Tensor2D | undefined) => Tensor2D | undefined,
): AnyEncoder {
  return overriding(encoder, {
    posterior: (params, mode, x, condition) =>
      encoder.posterior(params, mode, units.to(x), conditionOf(condition)),
  });
}

function expectMoments({ mean, sd }: ColumnMoments, where: string): void {
  const fits =
    mean.length === sd.length &&
    mean.length > 0 &&
    mean.every((value) => Number.isFinite(Math.fround(value))) &&
    sd.every((value) => value >= leastSd && Number.isFinite(Math.fround(value)));
  if (!fits)
    throw new ConfigError(
      `standardised: '${where}mean' and '${where}sd' must be equally many finite numbers, and 'sd' positive; use those that \`momentsOf\` of @elbo/datasets finds.`,
    );
}

function expectSeen({ mean, sd, seen }: DataMoments): void {
  const isBit = (bit: number): boolean =>
    bit < 0 || (mean[bit] === 0 && sd[bit] === 1 && (seen?.[bit] ?? 0) < 0);
  if (!seen || (seen.length === mean.length && seen.every(isBit))) return;
  throw new ConfigError(
    "standardised: 'seen' must name, for each place, another that is always seen and stays as it is (mean 0, sd 1), or be −1.",
  );
}

function expectPlaces(shape: Shape, count: number, what: string): void {
  const places = shape.at(-1) ?? 1;
  if (places !== count)
    throw new ShapeError(
      `standardised: it has moments for ${count} places of the last axis, and these ${what} have ${places}; take the moments of the data that it is trained on.`,
    );
}

const momentEntries = { mean: v.array(v.number()), sd: v.array(v.number()) };

/** Builds a standardised model from its config. */
export const standardisedKind: Kind<Model> = defineKind(
  'standardised',
  modelCategory,
  {
    model: nested,
    ...momentEntries,
    seen: v.exactOptional(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(-1)))),
    condition: v.exactOptional(exactly(momentEntries)),
  },
  ({ model, ...moments }, registry) => standardised(registry.build(modelCategory, model), moments),
);
