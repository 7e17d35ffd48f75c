// The side module as a pool computes it: every call that is worth it is a job.
import type { SideModule } from '../side_exports.js';
import { convolutionsFor } from './convolutions.js';
import { cut } from './cut.js';
import { functionNames, type Steps } from './job.js';
import { bytesOfProduct, multiplyAdd, productJob } from './products.js';
import { bytesOf, ranges, type Args, type Range } from './ranges.js';
import type { Sharing } from './sharing.js';

/** Parts for each thread. */
const turns = 2;

const scaled = (steps: Steps, by: number): Steps =>
  Object.fromEntries(Object.entries(steps).map(([argument, step]) => [argument, step * by]));

function runRange(sharing: Sharing, name: keyof SideModule, args: Args, range: Range): void {
  const { count, unit, also, over, scratch } = range;
  const { parts } = sharing;
  const down = cut(count, args[count]!, { parts, ...(unit && { unit }), also });
  let own = args;
  let overThread: Steps | undefined;
  if (scratch && scratch[1] > 0) {
    const [place, bytes] = scratch;
    const room = sharing.rooms.take(bytes);
    own = args.with(place, room.address);
    overThread = { [place]: room.apart };
  }
  sharing.run(name, { args: own, down, overDown: scaled(over, down.each), overThread });
}

/** Whether a call is worth sharing. Most are too small for it whatever they move. */
function isWorth(sharing: Sharing, args: Args, range: Range): boolean {
  const nanoseconds = args[range.count]! * range.each;
  return sharing.isWorth(nanoseconds, 0) && sharing.isWorth(nanoseconds, bytesOf(range, args));
}

type Call = (...args: number[]) => unknown;

/** A function that is done in ranges, where the call is worth it. */
function inRanges(sharing: Sharing, name: keyof SideModule): Call {
  const alone = sharing.side[name] as Call;
  const rangeOf = ranges[name]!;
  return (...args) => {
    const range = rangeOf(args, sharing.side);
    if (range && isWorth(sharing, args, range)) runRange(sharing, name, args, range);
    else alone(...args);
  };
}

/** The scratch memory's place among the arguments of `product`. */
const productScratch = 11;

function sharedProduct(sharing: Sharing): SideModule['product'] {
  const { side, pool, rooms } = sharing;
  return (...args) => {
    const [rows, columns, depth] = args;
    const bytes = bytesOfProduct(rows, columns, depth);
    if (!sharing.isWorth(rows * columns * depth * multiplyAdd, bytes)) {
      side.product(...args);
      return;
    }
    const { job, scratch } = productJob(side, args, pool.threads);
    const room = rooms.take(scratch);
    sharing.run('product', {
      ...job,
      args: args.with(productScratch, room.address),
      overThread: { [productScratch]: room.apart },
    });
  };
}

/** The functions of a side module, done by all threads of a pool. They give the same bits as without. */
export function share(
  side: SideModule,
  having: Omit<Sharing, 'side' | 'run' | 'parts'> & { readonly memory: WebAssembly.Memory },
): SideModule {
  const { pool, memory } = having;
  const codes = new Map(functionNames(side).map((name, code) => [name, code]));
  const sharing: Sharing = {
    ...having,
    side,
    parts: turns * pool.threads,
    run: (name, job) => {
      pool.run({ ...job, code: codes.get(name)! });
    },
  };
  const names = Object.keys(ranges) as (keyof SideModule)[];
  const product = sharedProduct(sharing);
  return {
    ...side,
    ...Object.fromEntries(names.map((name) => [name, inRanges(sharing, name)])),
    product,
    ...convolutionsFor(sharing, product, memory),
  };
}
