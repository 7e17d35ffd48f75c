import { cosine, type Params } from '@elbo/core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { expectTypeOf } from 'vitest';
import {
  adam,
  adamW,
  chain,
  clipByGlobalNorm,
  rmsprop,
  sgd,
  type Optimiser,
  type Stepped,
  type Transform,
} from '../src/index.js';

expectTypeOf(adam(1e-3)).toEqualTypeOf<Optimiser>();
expectTypeOf(adam(cosine({ from: 1e-3, steps: 100 }), { beta1: 0.5 })).toEqualTypeOf<Optimiser>();
expectTypeOf(clipByGlobalNorm(1)).toEqualTypeOf<Transform>();
expectTypeOf(chain(adam(1e-3))).toEqualTypeOf<Optimiser>();
expectTypeOf(chain(clipByGlobalNorm(1), clipByGlobalNorm(2), sgd(0.1))).toEqualTypeOf<Optimiser>();

// A step gives both trees; the number of the step is its caller's.
declare const tree: Params;
declare const scale: Scalar;
expectTypeOf(adam(1e-3).step(tree, tree, tree, 0)).toEqualTypeOf<Stepped>();
expectTypeOf<Stepped['state']>().toEqualTypeOf<Params>();
// @ts-expect-error no number of the step
adam(1e-3).step(tree, tree, tree);
// @ts-expect-error not every optimiser scales
adam(1e-3).scaledStep(tree, scale, tree, tree, 0);

// @ts-expect-error an optimiser comes last
chain(adam(1e-3), clipByGlobalNorm(1));
// @ts-expect-error and there is one
chain(clipByGlobalNorm(1));
// @ts-expect-error two optimisers are not chained
chain(sgd(0.1), adam(1e-3));
// @ts-expect-error a rate is a number or a schedule, not a function
adam((step: number) => 1 / step);
// @ts-expect-error an option that it does not have
adam(1e-3, { momentum: 0.9 });
// @ts-expect-error no rate
rmsprop({ decay: 0.9 });
// @ts-expect-error decay is a number
adamW(1e-3, { weightDecay: '0.1' });
