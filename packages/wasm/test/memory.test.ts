import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WasmError } from '../src/index.js';
import { accelerated, waves } from './wasm.js';

beforeAll(accelerated);

/** The stock backend, as far as these tests look into it. */
interface Backend {
  write(values: null, shape: number[], dtype: 'float32'): object;
  disposeData(dataId: object): boolean;
  numDataIds(): number;
  readonly dataIdMap: { get(dataId: object): { memoryOffset: number } };
  readonly wasm: { readonly HEAPU8: Uint8Array };
}
const backend = (): Backend => tf.backend() as unknown as Backend;

const taken: object[] = [];
/** Takes memory without touching it, so that the system need not have it. */
const take = (megabytes: number): void => {
  taken.push(backend().write(null, [megabytes * 2 ** 18], 'float32'));
};
const giveBack = (): void => {
  for (const dataId of taken.splice(0)) backend().disposeData(dataId);
};
afterAll(giveBack);

const address = (x: tf.Tensor): number => backend().dataIdMap.get(x.dataId).memoryOffset;

/** What kernels of every kind make of fixed inputs. */
async function results(): Promise<{ values: number[][]; lowest: number }> {
  const outputs = tf.tidy(() => {
    const [a, b] = [waves([33, 65]), waves([65, 31], 1)] as [tf.Tensor2D, tf.Tensor2D];
    const image = waves([2, 9, 8, 5]) as tf.Tensor4D;
    const filter = waves([3, 3, 5, 7], 1) as tf.Tensor4D;
    return [
      tf.matMul(a, b),
      tf.matMul(a, waves([31, 65], 2), false, true),
      tf.conv2d(image, filter, 2, 'same'),
      tf.conv2dTranspose(waves([2, 4, 4, 7]) as tf.Tensor4D, filter, [2, 9, 9, 5], 2, 'valid'),
      tf.maxPool(image, 3, 2, 'same'),
      tf.sum(image, [0, 1]),
      tf.exp(a),
      tf.gather(a, tf.tensor1d([5, 1, 32], 'int32')),
      tf.unsortedSegmentSum(
        a,
        tf.tensor1d(
          Array.from({ length: 33 }, (_, i) => i % 4),
          'int32',
        ),
        4,
      ),
    ];
  });
  const values = await Promise.all(outputs.map(async (x) => Array.from(await x.data())));
  const lowest = Math.min(...outputs.map(address));
  tf.dispose(outputs);
  return { values, lowest };
}

it('kernels find their operands when the heap has grown under them, and above 2 GiB', async () => {
  const low = await results();
  const before = backend().wasm.HEAPU8.length;
  while (backend().wasm.HEAPU8.length < 2 ** 31 + 2 ** 28) take(256);
  expect(backend().wasm.HEAPU8.length).toBeGreaterThan(before);
  // What is left free below is too little for what comes next, so it lands above.
  while (address(tf.keep(tf.zeros([2 ** 18]))) < 2 ** 31) continue;
  const high = await results();
  expect(high.values).toEqual(low.values);
  giveBack();
});

it('out of memory is an error that names the bytes, and nothing is lost', async () => {
  const before = { tensors: tf.memory().numTensors, data: backend().numDataIds() };
  const expected = (await results()).values;
  const fill = (): void => {
    for (;;) take(512);
  };
  expect(fill).toThrow(WasmError);
  expect(fill).toThrow(/no 512\.0 MB \(536870912 bytes\) are left.*disposed/);
  // An operation that finds no room says so too, and leaves no tensor behind.
  expect(() => tf.tile(tf.ones([1]), [2 ** 28])).toThrow(/1073741824 bytes/);
  giveBack();
  expect((await results()).values).toEqual(expected);
  expect(backend().numDataIds() - before.data).toBe(tf.memory().numTensors - before.tensors);
});

it('more than an address can reach is refused, not taken modulo 2³²', () => {
  // Of 2³² + 4 bytes the stock allocator sees 4.
  expect(() => backend().write(null, [2 ** 30 + 1], 'float32')).toThrow(/4294967300 bytes/);
});
