// The maximum of each window, for each channel, with its place, and what is done with it. NaN is left out, as the library's
// pools do; of equals the first is the maximum. The maximum of nothing is −∞, and is nowhere: −1.
import { clearSums, Kept } from '../kept';
import { Four, One } from '../lanes';
import { Windows } from '../windows/windows';

/** What maxima are taken of: the numbers of the volume, */
class Elements {
  @inline at<Lanes>(x: usize, _: usize): v128 {
    return changetype<Lanes>(<usize>0).load(x);
  }
}

/** or their sums with those of a filter, [depth, height, width, channels]. */
class Sums {
  @inline at<Lanes>(x: usize, filter: usize): v128 {
    const lanes = changetype<Lanes>(<usize>0);
    return f32x4.add(lanes.load(x), lanes.load(filter));
  }
}

/** The place of a maximum is the number of its element among those of the whole batch, */
class InBatch {
  @inline of(volume: usize, inVolume: usize, _: usize): usize {
    return volume + inVolume;
  }
}

/** of its volume, */
class InVolume {
  @inline of(_: usize, inVolume: usize, __: usize): usize {
    return inVolume;
  }
}

/** or of its window. */
class InWindow {
  @inline of(_: usize, __: usize, inWindow: usize): usize {
    return inWindow;
  }
}

/** What is done with a maximum, the one `at` bytes from the first: it is stored, */
class Store {
  @inline put<Lanes>(maximum: v128, _: v128, at: usize, y: usize, __: usize, _3: usize): void {
    changetype<Lanes>(<usize>0).store(y + at, maximum);
  }
}

/** or stored with its place, */
class StoreWithPlace {
  @inline put<Lanes>(
    maximum: v128,
    place: v128,
    at: usize,
    y: usize,
    places: usize,
    _: usize,
  ): void {
    const lanes = changetype<Lanes>(<usize>0);
    lanes.store(y + at, maximum);
    lanes.store(places + at, place);
  }
}

/** or the gradient there is added up at its place. Unless `lost` is 0, what the sums lose is kept there. */
class AddUp {
  @inline put<Lanes>(
    _: v128,
    place: v128,
    at: usize,
    dy: usize,
    gradient: usize,
    lost: usize,
  ): void {
    const from = dy + at;
    addTo(gradient, i32x4.extract_lane(place, 0), from, lost);
    if (changetype<Lanes>(<usize>0).count() == 1) return;
    addTo(gradient, i32x4.extract_lane(place, 1), from + 4, lost);
    addTo(gradient, i32x4.extract_lane(place, 2), from + 8, lost);
    addTo(gradient, i32x4.extract_lane(place, 3), from + 12, lost);
  }
}

function addTo(numbers: usize, place: i32, from: usize, lost: usize): void {
  if (place == -1) return;
  const offset = (<usize>place) << 2;
  const to = numbers + offset;
  if (lost != 0) Kept.add<One>(v128.load32_splat(from), to, lost + offset);
  else store<f32>(to, load<f32>(to) + load<f32>(from));
}

/** The maxima of the window that is looked at, from a channel on: of four channels or of one. */
function maximum<Value, Place, Use, Lanes>(
  windows: Windows,
  x: usize,
  filter: usize,
  channel: usize,
  at: usize,
  a: usize,
  b: usize,
  c: usize,
): void {
  const value = changetype<Value>(<usize>0);
  const where = changetype<Place>(<usize>0);
  const depth = windows.depth;
  const height = windows.height;
  const width = windows.width;
  const channels: usize = windows.channels;
  const step = width.dilation * channels;
  const firstColumn = width.first;
  const columns = width.inside();
  const volume = windows.volume * windows.volumeSize();
  let best = f32x4.splat(-Infinity);
  let place = i32x4.splat(-1);
  for (let i = depth.first; i < depth.end; i++) {
    for (let j = height.first; j < height.end; j++) {
      let inVolume = windows.place(i, j, firstColumn) + channel;
      let inWindow = windows.element(i, j, firstColumn) + channel;
      for (let k: isize = 0; k < columns; k++) {
        const here = value.at<Lanes>(x + ((volume + inVolume) << 2), filter + (inWindow << 2));
        // More than the best, or the first number, which may be −∞ too.
        const first = v128.and(f32x4.eq(here, here), i32x4.lt_s(place, i32x4.splat(0)));
        const better = v128.or(f32x4.gt(here, best), first);
        const there = i32x4.splat(<i32>where.of(volume, inVolume, inWindow));
        best = v128.bitselect(here, best, better);
        place = v128.bitselect(there, place, better);
        inVolume += step;
        inWindow += channels;
      }
    }
  }
  // Lanes are neighbouring channels.
  const apart = v128.andnot(i32x4(0, 1, 2, 3), i32x4.lt_s(place, i32x4.splat(0)));
  changetype<Use>(<usize>0).put<Lanes>(best, i32x4.add(place, apart), at, a, b, c);
}

/** Takes the maxima of all windows; `filter` is what `Value` takes, `a`, `b` and `c` are what `Use` takes. */
function eachMaximum<Value, Place, Use>(
  windows: Windows,
  x: usize,
  filter: usize,
  a: usize,
  b: usize,
  c: usize,
): void {
  const channels: usize = windows.channels;
  const count = windows.count();
  if (count == 0) return;
  windows.moveTo(0);
  for (let window: usize = 0; window < count; window++) {
    let channel: usize = 0;
    for (; channel + 4 <= channels; channel += 4) {
      const at = (window * channels + channel) << 2;
      maximum<Value, Place, Use, Four>(windows, x, filter, channel, at, a, b, c);
    }
    for (; channel < channels; channel++) {
      const at = (window * channels + channel) << 2;
      maximum<Value, Place, Use, One>(windows, x, filter, channel, at, a, b, c);
    }
    windows.next();
  }
}

/** y = the maximum of each window of x; places = the number of its element, an int32, in the batch or in its volume. */
export function maximaWithPlaces(
  windows: Windows,
  x: usize,
  y: usize,
  places: usize,
  inBatch: bool,
): void {
  if (inBatch) eachMaximum<Elements, InBatch, StoreWithPlace>(windows, x, 0, y, places, 0);
  else eachMaximum<Elements, InVolume, StoreWithPlace>(windows, x, 0, y, places, 0);
}

/**
 * dx = what of dy belongs to each element of x: that of the windows in which it is the maximum. `lost` is room for what
 * the sums of many windows lose, of the size of dx, or 0.
 */
export function maximaGradient(
  windows: Windows,
  x: usize,
  dy: usize,
  dx: usize,
  lost: usize,
): void {
  clearSums(dx, lost, (windows.batch * windows.volumeSize()) << 2);
  eachMaximum<Elements, InBatch, AddUp>(windows, x, 0, dy, dx, lost);
}

/** y = the maximum of each window of x, to which the filter is added: grey-scale dilation. */
export function dilation(windows: Windows, x: usize, filter: usize, y: usize): void {
  eachMaximum<Sums, InBatch, Store>(windows, x, filter, y, 0, 0);
}

/** dx = what of dy belongs to each element of x; `lost` as of `maximaGradient`. */
export function dilationInputGradient(
  windows: Windows,
  x: usize,
  filter: usize,
  dy: usize,
  dx: usize,
  lost: usize,
): void {
  clearSums(dx, lost, (windows.batch * windows.volumeSize()) << 2);
  eachMaximum<Sums, InBatch, AddUp>(windows, x, filter, dy, dx, lost);
}

/** dFilter = what of dy belongs to each element of the filter; `lost` is room for as many numbers. */
export function dilationFilterGradient(
  windows: Windows,
  x: usize,
  filter: usize,
  dy: usize,
  dFilter: usize,
  lost: usize,
): void {
  clearSums(dFilter, lost, windows.windowSize() << 2);
  eachMaximum<Sums, InWindow, AddUp>(windows, x, filter, dy, dFilter, lost);
}
