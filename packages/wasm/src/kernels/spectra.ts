import { asComplex, asPairs } from '../complex.js';
import { fourier } from '../fourier.js';
import { kernel, type Kernel } from '../kernel.js';
import type { Tensors } from '../types.js';

/** The transform of each row of the last dimension; the inverse one is divided by their length. */
const transform = (name: string, inverse: boolean): Kernel =>
  kernel<Tensors<'input'>, unknown>({
    name,
    run: (machine, { input }) => {
      const pairs = machine.output([...input.shape, 2]);
      const [from, to] = [machine.numbers(asPairs(input)), machine.numbers(pairs)];
      const n = input.shape.at(-1)!;
      const divisor = inverse ? n : 1;
      for (let start = 0; start < from.length; start += 2 * n) {
        const part = (offset: number): Float64Array =>
          Float64Array.from({ length: n }, (_, k) => from[start + 2 * k + offset]!);
        const { real, imaginary } = fourier({ real: part(0), imaginary: part(1) }, inverse);
        for (let j = 0; j < n; j++) {
          to[start + 2 * j] = real[j]! / divisor;
          to[start + 2 * j + 1] = imaginary[j]! / divisor;
        }
      }
      return asComplex(pairs);
    },
  });

/** Discrete Fourier transforms. */
export const spectra: readonly Kernel[] = [transform('FFT', false), transform('IFFT', true)];
