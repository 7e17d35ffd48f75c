import { broadcast_util, util, type ClipByValueAttrs } from '@tensorflow/tfjs-core';
import { broadcastRuns } from '../broadcast.js';
import { kernel, type Kernel } from '../kernel.js';
import { isNumeric, type Tensors } from '../types.js';

/** The side module's codes of extrema (assembly/elementwise/extrema.ts), by type. */
const codes = {
  Maximum: { float32: 0, int32: 2 },
  Minimum: { float32: 1, int32: 3 },
} as const;

type Pair = Tensors<'a' | 'b'>;

const bytes = Float32Array.BYTES_PER_ELEMENT;

const extremum = (name: keyof typeof codes): Kernel =>
  kernel<Pair, unknown>({
    name,
    takes: ({ a, b }) => a.dtype === b.dtype && isNumeric(a),
    run: (machine, { a, b }) => {
      const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
      const output = machine.output(shape, a.dtype);
      const code = codes[name][a.dtype as 'float32' | 'int32'];
      const [fromA, fromB, to] = [machine.address(a), machine.address(b), machine.address(output)];
      const { run, manyA, manyB, placesA, placesB } = broadcastRuns(a.shape, b.shape, shape);
      const runs = util.sizeFromShape(shape) / run;
      for (let i = 0; i < runs; i++)
        machine.side.extremum(
          code,
          fromA + placesA(i) * bytes,
          manyA,
          fromB + placesB(i) * bytes,
          manyB,
          to + i * run * bytes,
          run,
        );
      return output;
    },
  });

const [lowest, highest] = [-(2 ** 31), 2 ** 31 - 1];

/** A bound of whole numbers: past it, the ones that it cuts off become it without its fraction. */
const wholeBound = (bound: number): number =>
  Math.min(highest, Math.max(lowest, Math.trunc(bound)));

const clipByValue = kernel<Tensors<'x'>, ClipByValueAttrs>({
  name: 'ClipByValue',
  takes: ({ x }) => isNumeric(x),
  run: (machine, { x }, { clipValueMin: low, clipValueMax: high }) => {
    const output = machine.output(x.shape, x.dtype);
    const [from, to, n] = [
      machine.address(x),
      machine.address(output),
      util.sizeFromShape(x.shape),
    ];
    if (x.dtype === 'float32') machine.side.clip(from, to, n, low, high);
    else machine.side.clipIntegers(from, to, n, wholeBound(low), wholeBound(high));
    return output;
  },
});

/** Maxima, minima and bounds, which let NaN through. */
export const extrema: readonly Kernel[] = [extremum('Maximum'), extremum('Minimum'), clipByValue];
