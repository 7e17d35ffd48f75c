import '@elbo/gradients';
import { useWasm } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  asVectors,
  ElboError,
  expectBatchOf,
  flattenBatch,
  formatShape,
  repeatBatch,
  sameShape,
  ShapeError,
  sizeOf,
} from '../src/index.js';
import { expectGradient, noise, read } from './support.js';

beforeAll(useWasm);

it('counts, compares and prints shapes', () => {
  expect([sizeOf([]), sizeOf([28, 28, 1]), sizeOf([3, 0])]).toEqual([1, 784, 0]);
  expect([sameShape([2, 3], [2, 3]), sameShape([2], [2, 1]), sameShape([2], [3])]).toEqual([
    true,
    false,
    false,
  ]);
  expect(formatShape([28, 28, 1])).toBe('[28, 28, 1]');
});

describe('expectBatchOf', () => {
  it('passes batches of the shape and names the place of others', () => {
    tf.tidy(() => {
      expectBatchOf(tf.zeros([5, 2, 3]), [2, 3], 'encoder');
      expectBatchOf(tf.zeros([5]), [], 'encoder');
      const wrong = (): void => {
        expectBatchOf(tf.zeros([5, 3]), [2, 3], 'encoder');
      };
      expect(wrong).toThrow('encoder: expected a batch of shape [B, 2, 3], got [5, 3].');
      expect(wrong).toThrow(ShapeError);
      expect(wrong).toThrow(ElboError);
      expect(() => {
        expectBatchOf(tf.scalar(1), [], 'encoder');
      }).toThrow(ShapeError);
    });
  });
});

describe('flattenBatch', () => {
  it.each([[[2, 3, 4]], [[4]], [[2, 5]], [[0, 3, 2]]])('makes vectors of %o', (shape) => {
    tf.tidy(() => {
      const x = tf.zeros(shape);
      const flat = flattenBatch(x);
      expect(flat.shape).toEqual([shape[0], sizeOf(shape.slice(1))]);
      flat.dispose();
      expect(x.isDisposed).toBe(false);
    });
  });

  it('has a cheaper likeness, which leaves vectors as they are', () => {
    tf.tidy(() => {
      const x = tf.zeros([2, 5]);
      expect(asVectors(x)).toBe(x);
      expect(asVectors(tf.zeros([2, 5, 3])).shape).toEqual([2, 15]);
    });
  });
});

describe('repeatBatch', () => {
  it('repeats the whole batch, and sums the gradients of the copies', () => {
    tf.tidy(() => {
      const x = noise(1, [2, 3, 2]);
      for (const samples of [1, 4]) {
        const repeated = repeatBatch(x, samples);
        expect(repeated.shape).toEqual([2 * samples, 3, 2]);
        expect(read(repeated)).toEqual(read(tf.tile(x, [samples, 1, 1])));
        const weights = noise(2, [2 * samples, 3, 2]);
        expectGradient((t) => tf.mul(repeatBatch(t, samples), weights), x);
      }
    });
  });
});
