// A depthwise convolution and its gradients are one sum, Σ x · filter · y over windows and their elements, taken apart by
// one of the three: each adds up, element by element, products of the other two.
import { clearSums, Kept } from '../kept';
import { Four, multiplyAdd, One } from '../lanes';
import { partsOf, run, sumInTree, waiting } from '../parts';
import { Windows } from '../windows/windows';

/** to += a · b, element by element, for `n` numbers. */
function addProducts(a: usize, b: usize, to: usize, n: usize): void {
  const end = to + (n << 2);
  for (; to + 16 <= end; to += 16) {
    v128.store(to, multiplyAdd(v128.load(a), v128.load(b), v128.load(to)));
    a += 16;
    b += 16;
  }
  for (; to < end; to += 4) {
    store<f32>(to, load<f32>(to) + load<f32>(a) * load<f32>(b));
    a += 4;
    b += 4;
  }
}

/** As `addProducts`; what is lost is kept `over` bytes from each. */
function addProductsKept(a: usize, b: usize, to: usize, n: usize, over: usize): void {
  const end = to + (n << 2);
  for (; to + 16 <= end; to += 16) {
    Kept.add<Four>(f32x4.mul(v128.load(a), v128.load(b)), to, to + over);
    a += 16;
    b += 16;
  }
  for (; to < end; to += 4) {
    Kept.add<One>(f32x4.mul(v128.load32_splat(a), v128.load32_splat(b)), to, to + over);
    a += 4;
    b += 4;
  }
}

/** Which of the three is sought: */
class Output {
  @inline add(x: usize, filter: usize, y: usize, n: usize, _: usize): void {
    addProducts(x, filter, y, n);
  }
}

class Input {
  @inline add(x: usize, filter: usize, y: usize, n: usize, _: usize): void {
    addProducts(y, filter, x, n);
  }
}

class Filter {
  @inline add(x: usize, filter: usize, y: usize, n: usize, _: usize): void {
    addProducts(x, y, filter, n);
  }
}

/** the first two also where windows are large, or many of them overlap. */
class OutputKept {
  @inline add(x: usize, filter: usize, y: usize, n: usize, over: usize): void {
    addProductsKept(x, filter, y, n, over);
  }
}

class InputKept {
  @inline add(x: usize, filter: usize, y: usize, n: usize, over: usize): void {
    addProductsKept(y, filter, x, n, over);
  }
}

/** Adds to what is sought the products of `count` windows from the first on; `over` is what `Sought` takes. */
function each<Sought>(
  windows: Windows,
  x: usize,
  filter: usize,
  y: usize,
  first: usize,
  count: usize,
  over: usize,
): void {
  if (count == 0) return;
  const sought = changetype<Sought>(<usize>0);
  const channels: usize = windows.channels;
  const pixel = channels << 2;
  const volume = windows.volumeSize() << 2;
  const depth = windows.depth;
  const height = windows.height;
  const width = windows.width;
  const step = width.dilation * pixel;
  windows.moveTo(first);
  for (let window = first; window < first + count; window++) {
    const from = x + windows.volume * volume;
    const to = y + window * pixel;
    const firstColumn = width.first;
    const columns = width.inside();
    for (let i = depth.first; i < depth.end; i++) {
      for (let j = height.first; j < height.end; j++) {
        let place = from + (windows.place(i, j, firstColumn) << 2);
        let element = filter + (windows.element(i, j, firstColumn) << 2);
        for (let k: isize = 0; k < columns; k++) {
          sought.add(place, element, to, channels, over);
          place += step;
          element += pixel;
        }
      }
    }
    windows.next();
  }
}

/**
 * y = the convolution of each channel of x with that of the filter, [depth, height, width, channels]. `lost` is room for
 * what the sums of large windows lose, of the size of y, or 0.
 */
export function depthwise(windows: Windows, x: usize, filter: usize, y: usize, lost: usize): void {
  const count = windows.count();
  clearSums(y, lost, (count * windows.channels) << 2);
  if (lost != 0) each<OutputKept>(windows, x, filter, y, 0, count, lost - y);
  else each<Output>(windows, x, filter, y, 0, count, 0);
}

/** `lost` is room for what the sums of many windows lose, of the size of dx, or 0. */
export function depthwiseInputGradient(
  windows: Windows,
  dy: usize,
  filter: usize,
  dx: usize,
  lost: usize,
): void {
  const count = windows.count();
  clearSums(dx, lost, (windows.batch * windows.volumeSize()) << 2);
  if (lost != 0) each<InputKept>(windows, dx, filter, dy, 0, count, lost - dx);
  else each<Input>(windows, dx, filter, dy, 0, count, 0);
}

/** The gradient of a filter in parts: of a run of windows each. */
@unmanaged
class Parts {
  windows: Windows;
  x: usize;
  dy: usize;

  write(part: usize, dFilter: usize): void {
    const windows = this.windows;
    const first = part * run;
    const some = min(run, windows.count() - first);
    memory.fill(dFilter, 0, windows.windowSize() << 2);
    each<Filter>(windows, this.x, dFilter, this.dy, first, some, 0);
  }
}

/** The bytes of scratch memory that `depthwiseFilterGradient` needs. */
export function depthwiseFilterScratch(windows: Windows): usize {
  const sums = waiting(partsOf(windows.count(), run));
  return offsetof<Parts>() + sums * (windows.windowSize() << 2);
}

export function depthwiseFilterGradient(
  windows: Windows,
  x: usize,
  dy: usize,
  dFilter: usize,
  scratch: usize,
): void {
  const parts = changetype<Parts>(scratch);
  parts.windows = windows;
  parts.x = x;
  parts.dy = dy;
  const number = max<usize>(1, partsOf(windows.count(), run));
  const spare = scratch + offsetof<Parts>();
  sumInTree<Parts>(parts, 0, number, windows.windowSize(), dFilter, spare);
}

/** y = each of `n` numbers of x `times` times, one after the other. */
export function repeat(x: usize, n: usize, times: usize, y: usize): void {
  for (let i: usize = 0; i < n; i++) {
    const value = load<f32>(x + (i << 2));
    for (let end = y + (times << 2); y < end; y += 4) store<f32>(y, value);
  }
}
