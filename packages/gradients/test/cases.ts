import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, test } from 'vitest';
import { checkDerivatives, type Draw } from './differences.js';

setThreadsCount(1);

/** The backends that tests run on. */
export const backends = ['cpu', 'wasm'] as const;

/** A function of tensors and how its arguments are drawn. */
export interface Case {
  readonly f: (xs: readonly tf.Tensor[]) => tf.Tensor;
  readonly args: readonly (readonly [number[], Draw])[];
  /** The highest order of derivative to check; 2 unless told. */
  readonly order?: 1 | 2;
  /** The only backend to check on; all unless told. */
  readonly only?: (typeof backends)[number];
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

/** Compares the derivatives of each case with difference quotients, on each backend. */
export function checkOnBackends(cases: Readonly<Record<string, Case>>): void {
  describe.each(backends)('on %s, derivatives equal difference quotients', (backend) => {
    beforeAll(() => tf.setBackend(backend));
    for (const [name, { f, args, order = 2, only = backend }] of Object.entries(cases)) {
      test.runIf(only === backend)(name, () => {
        checkDerivatives(f, args, { order });
      });
    }
  });
}
