// A depthwise convolution and its gradients are one sum, Σ x · filter · y over windows and their elements, taken apart by
// one of the three: each adds up, element by element, products of the other two.
import { multiplyAdd } from '../lanes';
import { clearRun, addRun } from '../windows/runs';
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

/** Which of the three is sought. */
class Output {
  @inline add(x: usize, filter: usize, y: usize, n: usize): void {
    addProducts(x, filter, y, n);
  }
}

class Input {
  @inline add(x: usize, filter: usize, y: usize, n: usize): void {
    addProducts(y, filter, x, n);
  }
}

class Filter {
  @inline add(x: usize, filter: usize, y: usize, n: usize): void {
    addProducts(x, y, filter, n);
  }
}

/** Adds to what is sought the products of `count` windows from the first on. */
function each<Sought>(
  windows: Windows,
  x: usize,
  filter: usize,
  y: usize,
  first: usize,
  count: usize,
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
          sought.add(place, element, to, channels);
          place += step;
          element += pixel;
        }
      }
    }
    windows.next();
  }
}

/** y = the convolution of each channel of x with that of the filter, [depth, height, width, channels]. */
export function depthwise(windows: Windows, x: usize, filter: usize, y: usize): void {
  const count = windows.count();
  memory.fill(y, 0, (count * windows.channels) << 2);
  each<Output>(windows, x, filter, y, 0, count);
}

export function depthwiseInputGradient(
  windows: Windows,
  dy: usize,
  filter: usize,
  dx: usize,
): void {
  memory.fill(dx, 0, (windows.batch * windows.volumeSize()) << 2);
  each<Input>(windows, dx, filter, dy, 0, windows.count());
}

/** Of one volume after the other, in `room` for a filter: the sum over all at once would round each to the size of all. */
export function depthwiseFilterGradient(
  windows: Windows,
  x: usize,
  dy: usize,
  dFilter: usize,
  room: usize,
): void {
  const size = windows.windowSize();
  const some = windows.inVolume();
  memory.fill(dFilter, 0, size << 2);
  for (let volume: usize = 0; volume < <usize>windows.batch; volume++) {
    clearRun(room, size);
    each<Filter>(windows, x, room, dy, volume * some, some);
    addRun(room, dFilter, size);
  }
}

/** y = each of `n` numbers of x `times` times, one after the other. */
export function repeat(x: usize, n: usize, times: usize, y: usize): void {
  for (let i: usize = 0; i < n; i++) {
    const value = load<f32>(x + (i << 2));
    for (let end = y + (times << 2); y < end; y += 4) store<f32>(y, value);
  }
}
