import type * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import { checkDerivatives, type Draw } from './differences.js';

/** A function of tensors and how its arguments are drawn. */
export interface Case {
  readonly f: (xs: readonly tf.Tensor[]) => tf.Tensor;
  readonly args: readonly (readonly [number[], Draw])[];
  /** The highest order of derivative to check; 2 unless told. */
  readonly order?: 1 | 2;
  /** Whether the stock WebAssembly backend lacks a kernel that it needs. */
  readonly beyondStockWasm?: boolean;
}

/** A function of one tensor. */
export function one(
  f: (x: tf.Tensor) => tf.Tensor,
  how: Draw = 'apart',
  shape: number[] = [3, 5],
): Case {
  return { f: ([x]) => f(x!), args: [[shape, how]] };
}

/** A function of two tensors of these shapes. */
export function two(
  f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  a: number[],
  b: number[],
  how: Draw = 'apart',
): Case {
  return {
    f: ([x, y]) => f(x!, y!),
    args: [
      [a, how],
      [b, how],
    ],
  };
}

/** One test for each case: its derivatives equal difference quotients on the current backend. */
export function checkEach(cases: Readonly<Record<string, Case>>): void {
  for (const [name, { f, args, order = 2 }] of Object.entries(cases))
    test(name, () => {
      checkDerivatives(f, args, { order });
    });
}
