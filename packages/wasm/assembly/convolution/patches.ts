// A window as a row of a matrix: a patch. What lies outside the volume is 0.
import { addRunKept } from '../kept';
import { addRun, clearRun, copyRun } from '../windows/runs';
import { Windows } from '../windows/windows';

class Gather {
  @inline inside(volume: usize, patch: usize, n: usize, _: usize): void {
    copyRun(volume, patch, n);
  }

  @inline outside(patch: usize, n: usize): void {
    clearRun(patch, n);
  }
}

class Scatter {
  @inline inside(volume: usize, patch: usize, n: usize, _: usize): void {
    addRun(patch, volume, n);
  }

  @inline outside(_: usize, __: usize): void {}
}

/** As `Scatter`, where many windows overlap. */
class ScatterKept {
  @inline inside(volume: usize, patch: usize, n: usize, over: usize): void {
    addRunKept(patch, volume, n, over);
  }

  @inline outside(_: usize, __: usize): void {}
}

/** Moves the numbers of a window between a row of its volume and its patch. */
function moveRow<Move>(windows: Windows, row: usize, patch: usize, over: usize): void {
  const move = changetype<Move>(<usize>0);
  const channels = windows.channels;
  const width = windows.width;
  const first = width.first;
  const end = width.end;
  const bytes = (<usize>channels) << 2;
  if (first >= end) return move.outside(patch, width.filter * channels);
  if (first > 0) move.outside(patch, first * channels);
  const from = row + width.place(first) * bytes;
  if (width.dilation == 1) move.inside(from, patch + first * bytes, (end - first) * channels, over);
  else {
    for (let k = first; k < end; k++)
      move.inside(from + (k - first) * width.dilation * bytes, patch + k * bytes, channels, over);
  }
  if (end < width.filter) move.outside(patch + end * bytes, (width.filter - end) * channels);
}

/** Moves the numbers of a window between its volume and its patch. */
function movePatch<Move>(windows: Windows, volume: usize, patch: usize, over: usize): void {
  const move = changetype<Move>(<usize>0);
  const depth = windows.depth;
  const height = windows.height;
  const width = windows.width;
  const row = (<usize>width.size * windows.channels) << 2;
  const part = width.filter * windows.channels;
  for (let z: isize = 0; z < depth.filter; z++) {
    for (let y: isize = 0; y < height.filter; y++) {
      if (depth.holds(z) && height.holds(y)) {
        moveRow<Move>(windows, volume + windows.row(z, y) * row, patch, over);
      } else move.outside(patch, part);
      patch += part << 2;
    }
  }
}

function moveEach<Move>(
  windows: Windows,
  volumes: usize,
  first: usize,
  count: usize,
  patches: usize,
  over: usize,
): void {
  const volume = windows.volumeSize() << 2;
  const patch = windows.windowSize() << 2;
  windows.moveTo(first);
  for (let i: usize = 0; i < count; i++) {
    movePatch<Move>(windows, volumes + windows.volume * volume, patches + i * patch, over);
    windows.next();
  }
}

/** Copies `count` windows from the first on into patches, one after the other. */
export function gather(
  windows: Windows,
  volumes: usize,
  first: usize,
  count: usize,
  patches: usize,
): void {
  moveEach<Gather>(windows, volumes, first, count, patches, 0);
}

/** Adds patches to the windows that they are of: the adjoint of `gather`. */
export function scatter(
  windows: Windows,
  volumes: usize,
  first: usize,
  count: usize,
  patches: usize,
): void {
  moveEach<Scatter>(windows, volumes, first, count, patches, 0);
}

/** As `scatter`, where many windows overlap: what is lost is kept `over` bytes from each number of the volumes. */
export function scatterKept(
  windows: Windows,
  volumes: usize,
  first: usize,
  count: usize,
  patches: usize,
  over: usize,
): void {
  moveEach<ScatterKept>(windows, volumes, first, count, patches, over);
}
