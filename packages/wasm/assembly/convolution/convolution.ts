// A convolution is a product of the matrix of patches, [windows, window size], and the filter, [window size, channels
// out]; its gradients are the other two products of the three matrices. Patches are made a part at a time, so that they
// stay in the caches; where they are the volumes as they lie, they are not made at all.
import { clearSums } from '../kept';
import { partsOf, sumInTree, waiting } from '../parts';
import {
  blockScratch,
  partDepth,
  product,
  productOfBlocks,
  productScratch,
} from '../products/product';
import { Windows } from '../windows/windows';
import { gather, scatter, scatterKept } from './patches';

/**
 * y = patches of x · filter, of `count` windows from the `start`th on. `room` is for `some` patches, `scratch` for
 * `productScratch` of `some` rows, or of all where the patches are the volumes.
 */
export function convolution(
  windows: Windows,
  x: usize,
  filter: usize,
  channels: usize,
  y: usize,
  room: usize,
  some: usize,
  scratch: usize,
  start: usize,
  count: usize,
): void {
  const size = windows.windowSize();
  const row = size << 2;
  const across = channels << 2;
  if (windows.areVolumes()) {
    const from = x + start * row;
    const to = y + start * across;
    return product(count, channels, size, from, row, 4, filter, across, 4, to, across, scratch);
  }
  const end = start + count;
  for (let first = start; first < end; first += some) {
    const rows = min(some, end - first);
    gather(windows, x, first, rows, room);
    const to = y + first * across;
    product(rows, channels, size, room, row, 4, filter, across, 4, to, across, scratch);
  }
}

/**
 * dx = the patches dy · filterᵀ, added up where they lie, of `count` windows from the `start`th on: those of whole volumes.
 * `lost` is room for what sums of many windows lose, of the size of dx, or 0.
 */
export function convolutionInputGradient(
  windows: Windows,
  dy: usize,
  filter: usize,
  channels: usize,
  dx: usize,
  lost: usize,
  room: usize,
  some: usize,
  scratch: usize,
  start: usize,
  count: usize,
): void {
  const size = windows.windowSize();
  const row = size << 2;
  const across = channels << 2;
  if (windows.areVolumes()) {
    const from = dy + start * across;
    const to = dx + start * row;
    return product(count, size, channels, from, across, 4, filter, 4, across, to, row, scratch);
  }
  const end = start + count;
  clearVolumes(windows, dx, lost, start, end);
  for (let first = start; first < end;) {
    const rows = chunk(some, end - first);
    const from = dy + first * across;
    product(rows, size, channels, from, across, 4, filter, 4, across, room, row, scratch);
    if (lost != 0) scatterKept(windows, dx, first, rows, room, lost - dx);
    else scatter(windows, dx, first, rows, room);
    first += rows;
  }
}

/** Clears the sums of the volumes whose windows go from `start` to `end`. */
function clearVolumes(windows: Windows, dx: usize, lost: usize, start: usize, end: usize): void {
  const each = windows.inVolume();
  const volume = windows.volumeSize() << 2;
  const first: usize = each == 0 ? 0 : start / each;
  const last: usize = each == 0 ? windows.batch : end / each;
  const over = first * volume;
  clearSums(dx + over, lost == 0 ? 0 : lost + over, (last - first) * volume);
}

/**
 * How many of the windows that are left are multiplied next: `some`, or one less where one window would be left, for a
 * product with a single row adds in another order, and bits must not depend on where a range starts.
 */
function chunk(some: usize, left: usize): usize {
  if (left <= some) return left;
  return left - some == 1 && some > 2 ? some - 1 : some;
}

/** The gradient of a filter in parts: of as many times `some` windows as are not too many for one sum. */
@unmanaged
class Parts {
  windows: Windows;
  x: usize;
  dy: usize;
  channels: usize;
  room: usize;
  some: usize;
  inPart: usize;
  scratch: usize;

  write(part: usize, dFilter: usize): void {
    const windows = this.windows;
    const channels = this.channels;
    const size = windows.windowSize();
    const row = size << 2;
    const across = channels << 2;
    const start = part * this.inPart;
    const end = min(start + this.inPart, windows.count());
    const room = this.room;
    for (let first = start; first < end; first += this.some) {
      const rows = min(this.some, end - first);
      gather(windows, this.x, first, rows, room);
      const from = this.dy + first * across;
      const more = first > start;
      const scratch = this.scratch;
      productOfBlocks(
        size,
        channels,
        rows,
        room,
        4,
        row,
        from,
        across,
        4,
        dFilter,
        across,
        scratch,
        more,
      );
    }
  }
}

/** Windows that are added one after the other: few enough that threads find parts to share. */
const shortDepth: usize = partDepth / 4;

/** Windows of a part, of which `some` are multiplied at once. */
function windowsInPart(some: usize): usize {
  return max(1, shortDepth / some) * some;
}

/** The bytes of scratch memory that the gradient of a filter needs, which makes `some` patches at once. */
export function convolutionFilterScratch(windows: Windows, channels: usize, some: usize): usize {
  const size = windows.windowSize();
  const count = windows.count();
  if (windows.areVolumes()) return productScratch(size, channels, count);
  const sums = waiting(partsOf(count, windowsInPart(some)));
  return blockScratch + offsetof<Parts>() + sums * ((size * channels) << 2);
}

/** How many parts the gradient of a filter is the sum of: 0 where it is one product, whose parts are its own affair. */
export function convolutionFilterParts(windows: Windows, some: usize): usize {
  return windows.areVolumes() ? 0 : partsOf(windows.count(), windowsInPart(some));
}

/**
 * dFilter = patches of xᵀ · dy, of `number` parts from `firstPart` on, or of all windows where the patches are the volumes.
 * `scratch` is room for `convolutionFilterScratch`.
 */
export function convolutionFilterGradient(
  windows: Windows,
  x: usize,
  dy: usize,
  channels: usize,
  dFilter: usize,
  room: usize,
  some: usize,
  scratch: usize,
  firstPart: usize,
  number: usize,
): void {
  const size = windows.windowSize();
  const count = windows.count();
  const row = size << 2;
  const across = channels << 2;
  if (windows.areVolumes())
    return product(size, channels, count, x, 4, row, dy, across, 4, dFilter, across, scratch);
  if (count == 0) return memory.fill(dFilter, 0, size * across);
  const parts = changetype<Parts>(scratch + blockScratch);
  parts.windows = windows;
  parts.x = x;
  parts.dy = dy;
  parts.channels = channels;
  parts.room = room;
  parts.some = some;
  parts.inPart = windowsInPart(some);
  parts.scratch = scratch;
  const spare = scratch + blockScratch + offsetof<Parts>();
  sumInTree<Parts>(parts, firstPart, number, size * channels, dFilter, spare);
}

/** Sums that lie one after the other, of `n` numbers each. */
@unmanaged
class Sums {
  first: usize;
  n: usize;

  write(part: usize, to: usize): void {
    memory.copy(to, this.first + part * (this.n << 2), this.n << 2);
  }
}

/**
 * to = the sum, in a tree, of `count` sums of `n` numbers that lie one after the other, each of as many parts: a power of
 * two, but for the last. `scratch` is room for `sumsScratch`.
 */
export function addSums(sums: usize, count: usize, n: usize, to: usize, scratch: usize): void {
  const all = changetype<Sums>(scratch);
  all.first = sums;
  all.n = n;
  sumInTree<Sums>(all, 0, count, n, to, scratch + offsetof<Sums>());
}

/** The bytes of scratch memory that `addSums` needs. */
export function sumsScratch(count: usize, n: usize): usize {
  return offsetof<Sums>() + waiting(count) * (n << 2);
}
