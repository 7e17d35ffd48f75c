import type { Batch, Model, ModelParams } from '@elbo/objectives';
import type { Key } from '@elbo/random';
import { expectTypeOf } from 'vitest';
import {
  auroc,
  diagnose,
  estimateLikelihood,
  estimateOf,
  klBetweenSamples,
  pointsOf,
  type Diagnosis,
  type Estimate,
  type ImportanceEstimate,
  type NeighbourEstimate,
  type Points,
} from '../src/index.js';

declare const model: Model<'posterior'>;
declare const params: ModelParams;
declare const batch: Batch;
declare const key: Key;
declare const points: Points;

// Any model is scored; an estimate has its error beside it.
const found = estimateLikelihood(model, params.primal, batch, { key, proposal: 'fitted' });
expectTypeOf(found).resolves.toEqualTypeOf<ImportanceEstimate>();
expectTypeOf<ImportanceEstimate>().toExtend<Estimate>();
expectTypeOf(diagnose(model, params, batch, { key })).resolves.toEqualTypeOf<Diagnosis>();
expectTypeOf(estimateOf([1, 2])).toEqualTypeOf<Estimate>();
expectTypeOf(auroc([0], new Float64Array([1]))).toEqualTypeOf<Estimate>();
expectTypeOf(pointsOf(batch.x)).resolves.toEqualTypeOf<Points>();
expectTypeOf(klBetweenSamples(points, points)).toEqualTypeOf<NeighbourEstimate>();

// @ts-expect-error the likelihood is of the primal player's parameters
void estimateLikelihood(model, params, batch, { key });
// @ts-expect-error the diagnosis asks the adversary too
void diagnose(model, params.primal, batch, { key });
// @ts-expect-error an estimate draws by a key
void estimateLikelihood(model, params.primal, batch, {});
// @ts-expect-error there is no such proposal
void estimateLikelihood(model, params.primal, batch, { key, proposal: 'uniform' });
// @ts-expect-error an option that it does not have
void diagnose(model, params, batch, { key, steps: '100' });
// @ts-expect-error points say of what dimension they are
klBetweenSamples([0, 1], points);
