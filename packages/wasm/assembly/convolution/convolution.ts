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
 * y = patches of x · filter. `room` is for `some` patches, `scratch` for `productScratch` of `some` rows, or of all where
 * the patches are the volumes.
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
): void {
  const size = windows.windowSize();
  const count = windows.count();
  const row = size << 2;
  const across = channels << 2;
  if (windows.areVolumes())
    return product(count, channels, size, x, row, 4, filter, across, 4, y, scratch);
  for (let first: usize = 0; first < count; first += some) {
    const rows = min(some, count - first);
    gather(windows, x, first, rows, room);
    const to = y + first * across;
    product(rows, channels, size, room, row, 4, filter, across, 4, to, scratch);
  }
}

/**
 * dx = the patches dy · filterᵀ, added up where they lie. `lost` is room for what sums of many windows lose, of the size
 * of dx, or 0.
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
): void {
  const size = windows.windowSize();
  const count = windows.count();
  const across = channels << 2;
  if (windows.areVolumes())
    return product(count, size, channels, dy, across, 4, filter, 4, across, dx, scratch);
  clearSums(dx, lost, (windows.batch * windows.volumeSize()) << 2);
  for (let first: usize = 0; first < count; first += some) {
    const rows = min(some, count - first);
    const from = dy + first * across;
    product(rows, size, channels, from, across, 4, filter, 4, across, room, scratch);
    if (lost != 0) scatterKept(windows, dx, first, rows, room, lost - dx);
    else scatter(windows, dx, first, rows, room);
  }
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
      productOfBlocks(size, channels, rows, room, 4, row, from, across, 4, dFilter, scratch, more);
    }
  }
}

/** Windows of a part, of which `some` are multiplied at once. */
function windowsInPart(some: usize): usize {
  return max(1, partDepth / some) * some;
}

/** The bytes of scratch memory that the gradient of a filter needs, which makes `some` patches at once. */
export function convolutionFilterScratch(windows: Windows, channels: usize, some: usize): usize {
  const size = windows.windowSize();
  const count = windows.count();
  if (windows.areVolumes()) return productScratch(size, channels, count);
  const sums = waiting(partsOf(count, windowsInPart(some)));
  return blockScratch + offsetof<Parts>() + sums * ((size * channels) << 2);
}

/** dFilter = patches of xᵀ · dy. `scratch` is room for `convolutionFilterScratch`. */
export function convolutionFilterGradient(
  windows: Windows,
  x: usize,
  dy: usize,
  channels: usize,
  dFilter: usize,
  room: usize,
  some: usize,
  scratch: usize,
): void {
  const size = windows.windowSize();
  const count = windows.count();
  const across = channels << 2;
  if (windows.areVolumes())
    return product(size, channels, count, x, 4, size << 2, dy, across, 4, dFilter, scratch);
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
  const number = partsOf(count, parts.inPart);
  sumInTree<Parts>(parts, 0, number, size * channels, dFilter, spare);
}
