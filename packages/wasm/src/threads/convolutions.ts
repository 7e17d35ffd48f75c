// How convolutions are shared: by windows, each thread with windows, patches and scratch memory of its own.
import type { SideModule } from '../side_exports.js';
import { cut } from './cut.js';
import type { Cut } from './job.js';
import { bytesOfProduct, multiplyAdd, shareOf } from './products.js';
import type { Sharing } from './sharing.js';

const float = Float32Array.BYTES_PER_ELEMENT;
const integer = Int32Array.BYTES_PER_ELEMENT;

/** Integers that windows take where they are written (src/windows.ts). */
const windowIntegers = 3 + 3 * 10;
const windowBytes = 64 * integer;

type Convolutions = Pick<
  SideModule,
  'convolution' | 'convolutionInputGradient' | 'convolutionFilterGradient'
>;

/** What is known of windows that are written in the memory. */
interface Shape {
  readonly size: number;
  readonly count: number;
  readonly inVolume: number;
}

function shapeAt(memory: WebAssembly.Memory, address: number): Shape {
  const [batch, channels, , ...axes] = new Int32Array(memory.buffer, address, windowIntegers);
  const along = (field: number): number => axes[field]! * axes[10 + field]! * axes[20 + field]!;
  const [filter, windows] = [along(1), along(5)];
  return { size: filter * channels!, count: batch! * windows, inVolume: windows };
}

/** The convolutions of a side module, done by all threads of a pool. */
export function convolutionsFor(
  sharing: Sharing,
  product: SideModule['product'],
  memory: WebAssembly.Memory,
): Convolutions {
  const { side, pool, rooms, parts } = sharing;
  const isWorth = ({ count, size }: Shape, channels: number): boolean =>
    sharing.isWorth(count * size * channels * multiplyAdd, bytesOfProduct(count, channels, size));

  /** Room for each thread: a copy of the windows, patches, and scratch memory, in this order. */
  const roomsFor = (windows: number, patches: number, scratch: number) => {
    const { address, apart } = rooms.take(windowBytes + patches + scratch);
    const bytes = new Uint8Array(memory.buffer);
    for (let thread = 0; thread < pool.threads; thread++)
      bytes.copyWithin(address + thread * apart, windows, windows + windowIntegers * integer);
    const at = address + windowBytes;
    return { windows: address, patches: at, scratch: at + patches, apart };
  };

  /**
   * A convolution of these windows, or the gradient of its input, whose parts are of whole `unit`s. Its last arguments are room for
   * `some` patches, `some`, scratch memory for a product of so many rows, where a part starts and how many windows it has.
   */
  const inWindows = (
    name: 'convolution' | 'convolutionInputGradient',
    args: readonly number[],
    shape: Shape,
    { unit, some, product }: { unit: number; some: number; product: (rows: number) => number },
  ): void => {
    const n = args.length;
    const [room, scratch, start, count] = [n - 5, n - 3, n - 2, n - 1];
    const down = cut(count, shape.count, { parts, unit });
    const own = roomsFor(args[0]!, some * shape.size * float, product(shareOf(down)) >>> 0);
    sharing.run(name, {
      args: args.with(0, own.windows).with(room, own.patches).with(scratch, own.scratch),
      down,
      overDown: { [start]: down.each },
      overThread: { 0: own.apart, [room]: own.apart, [scratch]: own.apart },
    });
  };

  return {
    convolution: (...args) => {
      const [windows, , , channels, , , some] = args;
      const shape = shapeAt(memory, windows);
      if (!isWorth(shape, channels)) {
        side.convolution(...args);
        return;
      }
      const product = (rows: number): number => side.productScratch(rows, channels, shape.size);
      inWindows('convolution', args, shape, { unit: some, some, product });
    },
    convolutionInputGradient: (...args) => {
      const [windows, , , channels, , , , some] = args;
      const shape = shapeAt(memory, windows);
      // A part with a single window would be a product with a vector.
      if (shape.inVolume < 2 || !isWorth(shape, channels)) {
        side.convolutionInputGradient(...args);
        return;
      }
      const product = (rows: number): number => side.productScratch(rows, shape.size, channels);
      inWindows('convolutionInputGradient', args, shape, { unit: shape.inVolume, some, product });
    },
    convolutionFilterGradient: (...args) => {
      const [windows, x, dy, channels, dFilter, , some, , , number] = args;
      const shape = shapeAt(memory, windows);
      const { size, count } = shape;
      const across = channels * float;
      if (number === 0 && count > 0) {
        // The windows are the volumes as they lie.
        const [ofX, ofDy] = [size * float, across];
        product(size, channels, count, x, float, ofX, dy, ofDy, float, dFilter, across, args[7]);
        return;
      }
      if (number < 2 || !isWorth(shape, channels)) {
        side.convolutionFilterGradient(...args);
        return;
      }
      // Parts of the tree's branches, of as many of its leaves each: a power of two.
      const each = Math.max(1, 2 ** Math.ceil(Math.log2(number / parts)));
      const down: Cut = { argument: 9, each, all: number, parts: Math.ceil(number / each) };
      const n = size * channels;
      const scratch = side.convolutionFilterScratch(windows, channels, some) >>> 0;
      const room = roomsFor(windows, some * size * float, scratch);
      const sums = rooms.common(down.parts * n * float + (side.sumsScratch(down.parts, n) >>> 0));
      sharing.run('convolutionFilterGradient', {
        args: args.with(0, room.windows).with(4, sums).with(5, room.patches).with(7, room.scratch),
        down,
        overDown: { 4: n * float, 8: each },
        overThread: { 0: room.apart, 5: room.apart, 7: room.apart },
      });
      side.addSums(sums, down.parts, n, dFilter, sums + down.parts * n * float);
    },
  };
}
