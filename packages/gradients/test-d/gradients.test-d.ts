import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { expectTypeOf } from 'vitest';
import {
  detach,
  flatten,
  gradientsOf,
  inputGradient,
  unflatten,
  type Differentiated,
  type Leaf,
  type TensorTree,
} from '../src/index.js';

declare const matrix: Tensor2D;
declare const loss: Scalar;
declare const vector: Tensor1D;

// A loss for each tree, by the same names.
const players = { generator: { kernel: matrix }, critic: { kernel: matrix } };
const found = gradientsOf(() => ({ generator: loss, critic: loss }), players);
expectTypeOf(found).toEqualTypeOf<Readonly<Record<'generator' | 'critic', Differentiated>>>();
expectTypeOf(found.critic.value).toEqualTypeOf<Scalar>();
expectTypeOf(found.critic.gradients).toEqualTypeOf<TensorTree>();
// @ts-expect-error a tree without a loss
gradientsOf(() => ({ generator: loss }), players);
// @ts-expect-error a loss is a scalar
gradientsOf(() => ({ generator: loss, critic: vector }), players);
// @ts-expect-error a loss is computed before the closure returns
gradientsOf(() => Promise.resolve({ generator: loss, critic: loss }), players);
// @ts-expect-error a leaf is a tensor
gradientsOf(() => ({ generator: loss }), { generator: { rate: 0.1 } });
// @ts-expect-error nobody of this name is a player
void found.discriminator;

// What is detached keeps its rank.
expectTypeOf(detach(matrix)).toEqualTypeOf<Tensor2D>();
expectTypeOf(inputGradient((x) => x, matrix)).toEqualTypeOf<Tensor>();
// @ts-expect-error a promise has no tape
inputGradient((x) => Promise.resolve(x), matrix);

expectTypeOf(flatten(players)).toEqualTypeOf<readonly Leaf[]>();
expectTypeOf(unflatten(players, [matrix, matrix])).toEqualTypeOf<TensorTree>();
expectTypeOf<TensorTree[string]>().toEqualTypeOf<Tensor | TensorTree>();
