// A convolution is a product of the matrix of patches, [windows, window size], and the filter, [window size, channels
// out]; its gradients are the other two products of the three matrices. Patches are made a part at a time, so that they
// stay in the caches; where they are the volumes as they lie, they are not made at all.
import { addProduct, product } from '../products/product';
import { Windows } from '../windows/windows';
import { gather, scatter } from './patches';

/** y = patches of x · filter. `room` is for `some` patches, `scratch` for `productScratch()`. */
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

/** dx = the patches dy · filterᵀ, added up where they lie. */
export function convolutionInputGradient(
  windows: Windows,
  dy: usize,
  filter: usize,
  channels: usize,
  dx: usize,
  room: usize,
  some: usize,
  scratch: usize,
): void {
  const size = windows.windowSize();
  const count = windows.count();
  const across = channels << 2;
  if (windows.areVolumes())
    return product(count, size, channels, dy, across, 4, filter, 4, across, dx, scratch);
  memory.fill(dx, 0, (windows.batch * windows.volumeSize()) << 2);
  for (let first: usize = 0; first < count; first += some) {
    const rows = min(some, count - first);
    const from = dy + first * across;
    product(rows, size, channels, from, across, 4, filter, 4, across, room, scratch);
    scatter(windows, dx, first, rows, room);
  }
}

/** dFilter = patches of xᵀ · dy. */
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
  const row = size << 2;
  const across = channels << 2;
  if (windows.areVolumes())
    return product(size, channels, count, x, 4, row, dy, across, 4, dFilter, scratch);
  memory.fill(dFilter, 0, size * across);
  for (let first: usize = 0; first < count; first += some) {
    const rows = min(some, count - first);
    gather(windows, x, first, rows, room);
    const from = dy + first * across;
    addProduct(size, channels, rows, room, 4, row, from, across, 4, dFilter, scratch);
  }
}
