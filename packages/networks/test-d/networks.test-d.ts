import type { Network } from '@elbo/core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { expectTypeOf } from 'vitest';
import {
  activation,
  conv,
  convTrunk,
  dense,
  joined,
  layerNorm,
  mlp,
  randomShift,
  residual,
  sequential,
} from '../src/index.js';

// All are networks of one input, so that they stand wherever one does.
expectTypeOf(mlp({ hidden: [64] })).toEqualTypeOf<Network>();
expectTypeOf(
  sequential([dense({ units: 2 }), activation('elu'), layerNorm()]),
).toEqualTypeOf<Network>();
expectTypeOf(convTrunk()).toEqualTypeOf<Network>();
// One that joins its inputs takes as many as it says.
expectTypeOf(joined(mlp({ hidden: [4] }))).toEqualTypeOf<Network<[Tensor, Tensor]>>();
expectTypeOf(joined<[Tensor3D, Tensor, Tensor]>(mlp({ hidden: [4] }))).toEqualTypeOf<
  Network<[Tensor3D, Tensor, Tensor]>
>();

// @ts-expect-error `hidden` is a list
mlp({ hidden: 64 });
// @ts-expect-error an option that it does not have
mlp({ hidden: [64], units: 2 });
// @ts-expect-error its number of outputs is not given
dense({});
// @ts-expect-error there is no such activation
activation('gelu2');
// @ts-expect-error there is no such initialiser
dense({ units: 2, init: 'xavier' });
// @ts-expect-error there is no such padding
conv({ filters: 4, kernel: 3, padding: 'circular' });
// @ts-expect-error networks come in a list
sequential(dense({ units: 2 }), activation('elu'));
// @ts-expect-error a network of a pair is no layer
sequential([joined<[Tensor, Tensor]>(mlp({ hidden: [4] }))]);
// @ts-expect-error a block has one layer or two
residual({ width: 4, blocks: 1, layers: 3 });
// @ts-expect-error a shift is a number of pixels
randomShift({ by: '2' });
