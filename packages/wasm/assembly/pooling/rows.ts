// Maxima and means of windows are taken apart: first over the rows that a row of windows sees, number by number, which
// is vectors whatever the channels; then along that one row. So a window of n × n takes 2n steps, not n².
import { addRunKept, clearSums, Kept } from '../kept';
import { Four, One } from '../lanes';
import { firstBranch, partsOf, run, waiting } from '../parts';
import { addRun, clearRun } from '../windows/runs';
import { Windows } from '../windows/windows';

/** NaN is left out, as the library's pools do; −∞ of nothing. */
class Maximum {
  @inline nothing(): v128 {
    return f32x4.splat(-Infinity);
  }

  @inline of(a: v128, b: v128): v128 {
    // b where it is more than a, which is a number.
    return f32x4.pmax(a, b);
  }

  @inline finish(maximum: v128, _: v128): v128 {
    return maximum;
  }
}

/** Over the elements that lie inside; 0 of nothing. */
class Mean {
  @inline nothing(): v128 {
    return f32x4.splat(0);
  }

  @inline of(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }

  @inline finish(sum: v128, count: v128): v128 {
    return f32x4.div(sum, count);
  }
}

/** The number of elements of the window that lie inside; 1 where there is none. */
function elements(windows: Windows): f32 {
  const count = windows.depth.inside() * windows.height.inside() * windows.width.inside();
  return <f32>max<isize>(count, 1);
}

/** to = what `Pool` makes of to and from, for `n` numbers. */
function combineRun<Pool>(from: usize, to: usize, n: usize): void {
  const pool = changetype<Pool>(<usize>0);
  const end = to + (n << 2);
  for (; to + 16 <= end; to += 16) {
    v128.store(to, pool.of(v128.load(to), v128.load(from)));
    from += 16;
  }
  for (; to < end; to += 4) {
    v128.store_lane<f32>(to, pool.of(v128.load32_splat(to), v128.load32_splat(from)), 0);
    from += 4;
  }
}

/** Of the rows that the row of windows sees, `count` from the first on, as one: `row`. `n` are the numbers of a row. */
function combineRows<Pool>(
  windows: Windows,
  volume: usize,
  first: usize,
  count: usize,
  n: usize,
  row: usize,
): void {
  if (count > run) {
    const half = firstBranch(partsOf(count, run)) * run;
    const other = row + (n << 2);
    combineRows<Pool>(windows, volume, first, half, n, row);
    combineRows<Pool>(windows, volume, first + half, count - half, n, other);
    return combineRun<Pool>(other, row, n);
  }
  const nothing = changetype<Pool>(<usize>0).nothing();
  for (let i: usize = 0; i < n; i++) v128.store_lane<f32>(row + (i << 2), nothing, 0);
  if (count == 0) return;
  const height = windows.height;
  const inSlice: usize = height.inside();
  let z = windows.depth.first + <isize>(first / inSlice);
  let y = height.first + <isize>(first % inSlice);
  for (let i: usize = 0; i < count; i++) {
    combineRun<Pool>(volume + ((windows.row(z, y) * n) << 2), row, n);
    if (++y == height.end) {
      y = height.first;
      z++;
    }
  }
}

/** The pool of `count` elements, `step` bytes apart. */
function poolAlong<Pool, Lanes>(from: usize, count: usize, step: usize): v128 {
  const pool = changetype<Pool>(<usize>0);
  if (count > run) {
    const half = firstBranch(partsOf(count, run)) * run;
    const others = poolAlong<Pool, Lanes>(from + half * step, count - half, step);
    return pool.of(poolAlong<Pool, Lanes>(from, half, step), others);
  }
  const lanes = changetype<Lanes>(<usize>0);
  let value = pool.nothing();
  for (let k: usize = 0; k < count; k++) {
    value = pool.of(value, lanes.load(from));
    from += step;
  }
  return value;
}

/** The bytes of scratch memory that pools need: a row of the volume, and one for each that waits in a tree. */
export function poolScratch(windows: Windows): usize {
  const rows = windows.depth.filter * windows.height.filter;
  const row: usize = (windows.width.size * windows.channels) << 2;
  return (1 + waiting(partsOf(rows, run))) * row;
}

/** The pool of each window; `row` is room for `poolScratch`. */
function pool<Pool>(windows: Windows, x: usize, y: usize, row: usize): void {
  const pools = changetype<Pool>(<usize>0);
  const width = windows.width;
  const n: usize = width.size * windows.channels;
  const pixel: usize = windows.channels << 2;
  const volume = windows.volumeSize() << 2;
  const rows = windows.rows();
  for (let i: usize = 0; i < rows; i++) {
    windows.moveTo(i * width.windows);
    const seen = windows.depth.inside() * windows.height.inside();
    combineRows<Pool>(windows, x + windows.volume * volume, 0, seen, n, row);
    for (let at: isize = 0; at < width.windows; at++) {
      width.moveTo(at);
      const parts = f32x4.splat(elements(windows));
      const count = width.inside();
      let from = row + width.place(width.first) * pixel;
      const end = y + pixel;
      for (; y + 16 <= end; y += 16) {
        v128.store(y, pools.finish(poolAlong<Pool, Four>(from, count, pixel), parts));
        from += 16;
      }
      for (; y < end; y += 4) {
        const value = pools.finish(poolAlong<Pool, One>(from, count, pixel), parts);
        v128.store_lane<f32>(y, value, 0);
        from += 4;
      }
    }
  }
}

/** y = the maximum of each window of x; −∞ of a window wholly outside. `row` is room for `poolScratch`. */
export function maxima(windows: Windows, x: usize, y: usize, row: usize): void {
  pool<Maximum>(windows, x, y, row);
}

/** y = the mean of each window of x, over the elements that lie inside. `row` is room for `poolScratch`. */
export function means(windows: Windows, x: usize, y: usize, row: usize): void {
  pool<Mean>(windows, x, y, row);
}

/** How a number is added, and a run of them: `over` bytes from each is where `AddKept` keeps what is lost. */
class Add {
  @inline one<Lanes>(x: v128, to: usize, _: usize): void {
    const lanes = changetype<Lanes>(<usize>0);
    lanes.store(to, f32x4.add(lanes.load(to), x));
  }

  @inline many(from: usize, to: usize, n: usize, _: usize): void {
    addRun(from, to, n);
  }
}

class AddKept {
  @inline one<Lanes>(x: v128, to: usize, over: usize): void {
    Kept.add<Lanes>(x, to, to + over);
  }

  @inline many(from: usize, to: usize, n: usize, over: usize): void {
    addRunKept(from, to, n, over);
  }
}

/** Adds dy / parts to `count` elements, `step` bytes apart. */
function spreadAlong<How, Lanes>(
  to: usize,
  count: isize,
  step: usize,
  dy: usize,
  parts: v128,
  over: usize,
): void {
  const how = changetype<How>(<usize>0);
  const part = f32x4.div(changetype<Lanes>(<usize>0).load(dy), parts);
  for (let k: isize = 0; k < count; k++) {
    how.one<Lanes>(part, to, over);
    to += step;
  }
}

/** Spreads dy of a row of windows, the one that is looked at, along one row of the volume. */
function spreadRow<How>(windows: Windows, dy: usize, row: usize, over: usize): void {
  const width = windows.width;
  const pixel: usize = windows.channels << 2;
  for (let at: isize = 0; at < width.windows; at++) {
    width.moveTo(at);
    const parts = f32x4.splat(elements(windows));
    const count = width.inside();
    let to = row + width.place(width.first) * pixel;
    const end = dy + pixel;
    for (; dy + 16 <= end; dy += 16) {
      spreadAlong<How, Four>(to, count, pixel, dy, parts, over);
      to += 16;
    }
    for (; dy < end; dy += 4) {
      spreadAlong<How, One>(to, count, pixel, dy, parts, over);
      to += 4;
    }
  }
}

function spread<How>(windows: Windows, dy: usize, dx: usize, row: usize, lost: usize): void {
  const how = changetype<How>(<usize>0);
  const depth = windows.depth;
  const height = windows.height;
  const width = windows.width;
  const n: usize = width.size * windows.channels;
  const volume = windows.volumeSize() << 2;
  const rows = windows.rows();
  for (let i: usize = 0; i < rows; i++) {
    windows.moveTo(i * width.windows);
    clearRun(row, lost == 0 ? n : 2 * n);
    spreadRow<How>(windows, dy, row, n << 2);
    dy += (<usize>width.windows * windows.channels) << 2;
    const to = dx + windows.volume * volume;
    for (let z = depth.first; z < depth.end; z++) {
      for (let y = height.first; y < height.end; y++)
        how.many(row, to + ((windows.row(z, y) * n) << 2), n, lost - dx);
    }
  }
}

/**
 * dx = the adjoint of `means` of dy: the same steps the other way round. `row` is room for a row of dx; where many windows
 * overlap it is room for two, and `lost` is room for what the sums lose, of the size of dx, else 0.
 */
export function meansGradient(
  windows: Windows,
  dy: usize,
  dx: usize,
  row: usize,
  lost: usize,
): void {
  clearSums(dx, lost, (windows.batch * windows.volumeSize()) << 2);
  if (lost == 0) spread<Add>(windows, dy, dx, row, 0);
  else spread<AddKept>(windows, dy, dx, row, lost);
}
