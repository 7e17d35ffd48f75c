import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { expectTypeOf } from 'vitest';
import {
  asSchedule,
  constant,
  keepTree,
  linear,
  mapTree,
  normal,
  productPrior,
  standardNormal,
  tensorAt,
  treeMismatch,
  type Network,
  type Normal,
  type Params,
  type Prior,
  type Schedule,
  type Shapes,
  type Store,
} from '../src/index.js';

declare const matrix: Tensor2D;
declare const vector: Tensor1D;

// A tree is of tensors and trees of them.
const tree = { dense_0: { kernel: matrix, bias: vector } };
expectTypeOf(tree).toExtend<Params>();
expectTypeOf(keepTree(tree)).toEqualTypeOf<typeof tree>();
expectTypeOf(mapTree(tree, (leaf) => leaf)).toEqualTypeOf<Params>();
expectTypeOf(tensorAt(tree, 'dense_0/bias')).toExtend<Tensor>();
expectTypeOf(treeMismatch(tree, tree)).toEqualTypeOf<string | undefined>();
// @ts-expect-error a leaf is a tensor
mapTree({ rate: 0.1 }, (leaf) => leaf);
// @ts-expect-error a list is no tree
keepTree({ layers: [matrix] });
// @ts-expect-error a map keeps leaves what they are
mapTree(tree, (leaf) => leaf.shape);
// @ts-expect-error trees are not changed in place
(tree as Params).dense_0 = matrix;

// A network of a pair takes two inputs.
declare const pair: Network<[Tensor, Tensor]>;
declare const single: Network;
declare const mode: Parameters<typeof single.apply>[1];
declare const key: Parameters<typeof single.init>[0];
expectTypeOf<Shapes<[Tensor, Tensor]>['length']>().toEqualTypeOf<2>();
pair.apply({}, mode, matrix, matrix);
single.init(key, [4]);
// @ts-expect-error it has a second input
pair.apply({}, mode, matrix);
// @ts-expect-error it has one input
single.init(key, [4], [2]);
// @ts-expect-error a network of one input is none of a pair
expectTypeOf(single).toExtend<typeof pair>();

// Priors and distributions.
expectTypeOf(standardNormal(2)).toExtend<Prior>();
expectTypeOf(standardNormal(2).sample(key, 3)).toEqualTypeOf<Tensor2D>();
expectTypeOf(normal(matrix, matrix)).toEqualTypeOf<Normal<Tensor2D>>();
productPrior({ style: standardNormal(2) });
// @ts-expect-error the parts of a product are priors
productPrior({ style: 2 });
// @ts-expect-error a dimension is a number
standardNormal('2');

// A number will do for a schedule, which is a function of the step and has a config.
expectTypeOf(asSchedule(0.1)).toEqualTypeOf<Schedule>();
expectTypeOf(asSchedule(constant(1))).toEqualTypeOf<Schedule>();
expectTypeOf(constant(1).at(0)).toEqualTypeOf<number>();
linear({ steps: 100 });
// @ts-expect-error an option that it does not have
linear({ from: 0, to: 1, step: 100 });
// @ts-expect-error a bare function has no config, so no file could hold it
asSchedule((step: number) => step);

// A store is of bytes.
declare const store: Store;
void store.write('a', new Uint8Array());
// @ts-expect-error text is encoded first
void store.write('a', 'text');
