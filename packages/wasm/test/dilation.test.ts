import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';
import { dimensions, floats, product, Sums, visit, windowsOf } from './windows.js';

beforeAll(accelerated);

const run = (name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap);

it('dilation2d is the maximum of the sums with the filter; its gradients go where the first is', async () => {
  await fc.assert(
    fc.asyncProperty(
      dimensions(2, { numbers: false }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 9 }),
      async (dims, batch, channels) => {
        const sizes = dims.map((d) => d.size);
        const outputs = windowsOf(dims);
        // Of every window, the sums are negative.
        const x = tf.sub(waves([batch, ...sizes, channels]), 5);
        const filter = waves([...dims.map((d) => d.filter), channels], 1);
        const dy = waves([batch, ...outputs, channels], 2);
        const [xs, filters, dys] = [await floats(x), await floats(filter), await floats(dy)];
        const best = Array.from({ length: dys.length }, () => ({ sum: -Infinity, at: -1, by: -1 }));
        for (let b = 0; b < batch; b++) {
          visit(dims, (window, element, place) => {
            for (let i = 0; i < channels; i++) {
              const [at, by] = [
                (b * product(sizes) + place) * channels + i,
                element * channels + i,
              ];
              const y = (b * product(outputs) + window) * channels + i;
              const sum = Math.fround(xs[at]! + filters[by]!);
              if (sum > best[y]!.sum) best[y] = { sum, at, by };
            }
          });
        }
        const [dx, dFilter] = [new Sums(xs.length), new Sums(filters.length)];
        best.forEach(({ at, by }, i) => {
          if (at < 0) return;
          dx.add(at, 1, dys[i]!);
          dFilter.add(by, 1, dys[i]!);
        });
        const attrs = {
          strides: dims.map((d) => d.stride),
          dilations: dims.map((d) => d.dilation),
          pad: dims[0]!.pad,
        };
        poisonHeap(1 << 12);
        const y = run('Dilation2D', { x, filter }, attrs);
        expect(y.shape).toEqual(dy.shape);
        expect(Array.from(await floats(y))).toEqual(best.map(({ sum }) => sum));
        dx.expect(await floats(run('Dilation2DBackpropInput', { x, filter, dy }, attrs)));
        dFilter.expect(await floats(run('Dilation2DBackpropFilter', { x, filter, dy }, attrs)));
      },
    ),
    { numRuns: 150, seed: 7 },
  );
});
