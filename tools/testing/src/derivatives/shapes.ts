import * as tf from '@tensorflow/tfjs-core';
import { one, two, type Case } from './cases.js';

export const shapes: Readonly<Record<string, Case>> = {
  reshape: one((x) => tf.square(tf.reshape(x, [5, 3]))),
  expandDims: one((x) => tf.square(tf.expandDims(x, 1))),
  transpose: one((x) => tf.square(tf.transpose(x, [2, 0, 1])), 'apart', [2, 3, 4]),
  reverse: one((x) => tf.square(tf.reverse(x, 1))),
  concat: two((a, b) => tf.square(tf.concat([a, b, a], 1)), [2, 3], [2, 4]),
  stack: two((a, b) => tf.square(tf.stack([a, b, a], 1)), [2, 3], [2, 3]),
  split: one((x) => {
    const [a, b] = tf.split(x, [2, 3], 1);
    return tf.matMul(a!, b!, true);
  }),
  unstack: one((x) => {
    const [a, b, c] = tf.unstack(x);
    return tf.mul(a!, tf.mul(b!, c!));
  }),
  'split, one part unused': one((x) => tf.square(tf.split(x, [2, 3], 1)[1]!)),
  tile: one((x) => tf.square(tf.tile(x, [2, 1, 3])), 'apart', [2, 3, 2]),
  broadcastTo: one((x) => tf.square(tf.broadcastTo(x, [4, 3, 5])), 'apart', [3, 1]),
  spaceToBatchND: one(
    (x) =>
      tf.square(
        tf.spaceToBatchND(
          x,
          [2, 2],
          [
            [0, 1],
            [1, 0],
          ],
        ),
      ),
    'apart',
    [1, 3, 3, 2],
  ),
  batchToSpaceND: one(
    (x) =>
      tf.square(
        tf.batchToSpaceND(
          x,
          [2, 2],
          [
            [0, 1],
            [1, 0],
          ],
        ),
      ),
    'apart',
    [4, 2, 2, 2],
  ),
  pad: one((x) =>
    tf.square(
      tf.pad(
        x,
        [
          [1, 2],
          [0, 3],
        ],
        0.5,
      ),
    ),
  ),
  'mirrorPad, reflect': one((x) =>
    tf.square(
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [3, 0],
        ],
        'reflect',
      ),
    ),
  ),
  'mirrorPad, symmetric': one((x) =>
    tf.square(
      tf.mirrorPad(
        x,
        [
          [3, 1],
          [0, 4],
        ],
        'symmetric',
      ),
    ),
  ),
  slice: one((x) => tf.square(tf.slice(x, [1, 2], [2, -1]))),
  stridedSlice: one((x) => tf.square(tf.stridedSlice(x, [0, 1], [3, 5], [2, 3]))),
  'stridedSlice, backwards': one((x) => tf.square(tf.stridedSlice(x, [2, 4], [0, 0], [-1, -2]))),
  gather: one((x) => tf.square(tf.gather(x, [2, 0, 2, 2], 0))),
  'gather, last axis, matrix of indices': one((x) =>
    tf.square(
      tf.gather(
        x,
        tf.tensor2d(
          [
            [1, 4],
            [4, 0],
            [1, 1],
          ],
          [3, 2],
          'int32',
        ),
        1,
      ),
    ),
  ),
  // The kernel of the stock WebAssembly backend reads past its data.
  'gather, batched': {
    ...one((x) => tf.square(tf.gather(x, tf.tensor2d([1, 4, 4, 0, 1, 1], [3, 2], 'int32'), 1, 1))),
    beyondStockWasm: true,
  },
  gatherND: one((x) =>
    tf.square(
      tf.gatherND(
        x,
        tf.tensor2d(
          [
            [0, 1],
            [2, 4],
            [0, 1],
          ],
          [3, 2],
          'int32',
        ),
      ),
    ),
  ),
  scatterND: one((x) =>
    tf.square(tf.scatterND(tf.tensor2d([[3], [0], [3]], [3, 1], 'int32'), x, [4, 5])),
  ),
  unsortedSegmentSum: {
    ...one((x) => tf.square(tf.unsortedSegmentSum(x, tf.tensor1d([1, -1, 1], 'int32'), 2))),
    beyondStockWasm: true,
  },
  where: two((a, b) => tf.square(tf.where(tf.greater(a, b), a, tf.mul(a, b))), [3, 4], [3, 4]),
  'masks from comparisons': one((x) =>
    tf.mul(tf.square(x), tf.cast(tf.logicalAnd(tf.greater(x, -1), tf.notEqual(x, 0)), 'float32')),
  ),
  'sign, step, floor and round': one((x) =>
    tf.mul(
      tf.square(x),
      tf.addN([tf.sign(x), tf.step(x), tf.ceil(tf.mul(x, 0.3)), tf.floor(tf.mul(x, 0.3))]),
    ),
  ),
};
