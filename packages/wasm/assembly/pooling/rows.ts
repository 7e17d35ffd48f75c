// Maxima and means of windows are taken apart: first over the rows that a row of windows sees, number by number, which
// is vectors whatever the channels; then along that one row. So a window of n × n takes 2n steps, not n².
import { Four, One } from '../lanes';
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

/** The rows that the row of windows sees, as one: `row`. */
function combineRows<Pool>(windows: Windows, volume: usize, row: usize): void {
  const depth = windows.depth;
  const height = windows.height;
  const n: usize = windows.width.size * windows.channels;
  const nothing = changetype<Pool>(<usize>0).nothing();
  for (let i: usize = 0; i < n; i++) v128.store_lane<f32>(row + (i << 2), nothing, 0);
  for (let z = depth.first; z < depth.end; z++) {
    for (let y = height.first; y < height.end; y++)
      combineRun<Pool>(volume + ((windows.row(z, y) * n) << 2), row, n);
  }
}

/** Pools `count` elements, `step` bytes apart. */
function poolAlong<Pool, Lanes>(
  from: usize,
  count: isize,
  step: usize,
  to: usize,
  parts: v128,
): void {
  const pool = changetype<Pool>(<usize>0);
  const lanes = changetype<Lanes>(<usize>0);
  let value = pool.nothing();
  for (let k: isize = 0; k < count; k++) {
    value = pool.of(value, lanes.load(from));
    from += step;
  }
  lanes.store(to, pool.finish(value, parts));
}

/** The pool of each window; `row` is room for a row of the volume. */
function pool<Pool>(windows: Windows, x: usize, y: usize, row: usize): void {
  const width = windows.width;
  const pixel: usize = windows.channels << 2;
  const volume = windows.volumeSize() << 2;
  const rows = windows.rows();
  for (let i: usize = 0; i < rows; i++) {
    windows.moveTo(i * width.windows);
    combineRows<Pool>(windows, x + windows.volume * volume, row);
    for (let at: isize = 0; at < width.windows; at++) {
      width.moveTo(at);
      const parts = f32x4.splat(elements(windows));
      const count = width.inside();
      let from = row + width.place(width.first) * pixel;
      const end = y + pixel;
      for (; y + 16 <= end; y += 16) {
        poolAlong<Pool, Four>(from, count, pixel, y, parts);
        from += 16;
      }
      for (; y < end; y += 4) {
        poolAlong<Pool, One>(from, count, pixel, y, parts);
        from += 4;
      }
    }
  }
}

/** y = the maximum of each window of x; −∞ of a window wholly outside. `row` is room for a row of x. */
export function maxima(windows: Windows, x: usize, y: usize, row: usize): void {
  pool<Maximum>(windows, x, y, row);
}

/** y = the mean of each window of x, over the elements that lie inside. `row` is room for a row of x. */
export function means(windows: Windows, x: usize, y: usize, row: usize): void {
  pool<Mean>(windows, x, y, row);
}

/** Adds dy / parts to `count` elements, `step` bytes apart. */
function spreadAlong<Lanes>(to: usize, count: isize, step: usize, dy: usize, parts: v128): void {
  const lanes = changetype<Lanes>(<usize>0);
  const part = f32x4.div(lanes.load(dy), parts);
  for (let k: isize = 0; k < count; k++) {
    lanes.store(to, f32x4.add(lanes.load(to), part));
    to += step;
  }
}

/** dx = the adjoint of `means` of dy: the same steps the other way round. */
export function meansGradient(windows: Windows, dy: usize, dx: usize, row: usize): void {
  const depth = windows.depth;
  const height = windows.height;
  const width = windows.width;
  const pixel: usize = windows.channels << 2;
  const n: usize = width.size * windows.channels;
  const volume = windows.volumeSize() << 2;
  const rows = windows.rows();
  memory.fill(dx, 0, windows.batch * volume);
  for (let i: usize = 0; i < rows; i++) {
    windows.moveTo(i * width.windows);
    clearRun(row, n);
    for (let at: isize = 0; at < width.windows; at++) {
      width.moveTo(at);
      const parts = f32x4.splat(elements(windows));
      const count = width.inside();
      let to = row + width.place(width.first) * pixel;
      const end = dy + pixel;
      for (; dy + 16 <= end; dy += 16) {
        spreadAlong<Four>(to, count, pixel, dy, parts);
        to += 16;
      }
      for (; dy < end; dy += 4) {
        spreadAlong<One>(to, count, pixel, dy, parts);
        to += 4;
      }
    }
    const to = dx + windows.volume * volume;
    for (let z = depth.first; z < depth.end; z++) {
      for (let y = height.first; y < height.end; y++)
        addRun(row, to + ((windows.row(z, y) * n) << 2), n);
    }
  }
}
