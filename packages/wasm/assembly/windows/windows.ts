// Windows that move over images or volumes, [batch, depth, height, width, channels]; an image is a volume of depth 1.

/** One dimension that windows move along. The first fields are written by src/windows.ts, in this order. */
@unmanaged
export class Axis {
  /** Elements of the volume. */
  size: isize;
  /** Elements of a window. */
  filter: isize;
  /** From one window to the next. */
  stride: isize;
  /** From one element of a window to the next. */
  dilation: isize;
  /** How far before the first element the first window starts; negative where it starts after. */
  before: isize;
  /** How many windows there are. */
  windows: isize;

  /** The window that is looked at: its number, */
  at: isize;
  /** where it starts, */
  start: isize;
  /** its first element that lies inside, */
  first: isize;
  /** and the one after its last. */
  end: isize;

  moveTo(at: isize): void {
    const start = at * this.stride - this.before;
    const last = this.size - 1 - start;
    const dilation = this.dilation;
    this.at = at;
    this.start = start;
    this.first = start < 0 ? min(this.filter, (dilation - 1 - start) / dilation) : 0;
    this.end = last < 0 ? 0 : min(this.filter, last / dilation + 1);
  }

  /** Where an element of the window lies. */
  @inline place(k: isize): isize {
    return this.start + k * this.dilation;
  }

  @inline holds(k: isize): bool {
    return k >= this.first && k < this.end;
  }

  /** How many elements of the window lie inside. */
  @inline inside(): isize {
    return max(0, this.end - this.first);
  }

  /** Whether each element is a window. */
  isPointwise(): bool {
    const apart = this.filter == 1 && this.stride == 1 && this.before == 0;
    return apart && this.windows == this.size;
  }

  /** Whether the one window is everything, in order. */
  isWhole(): bool {
    const dense = this.dilation == 1 || this.filter == 1;
    return dense && this.filter == this.size && this.before == 0 && this.windows == 1;
  }
}

/** The windows of a batch of volumes, and the one that is looked at. Written by src/windows.ts. */
@unmanaged
export class Windows {
  batch: isize;
  channels: isize;
  /** The volume that is looked at. */
  volume: isize;

  @inline get depth(): Axis {
    return changetype<Axis>(changetype<usize>(this) + offsetof<Windows>());
  }

  @inline get height(): Axis {
    return changetype<Axis>(changetype<usize>(this.depth) + offsetof<Axis>());
  }

  @inline get width(): Axis {
    return changetype<Axis>(changetype<usize>(this.height) + offsetof<Axis>());
  }

  /** How many windows there are in a volume. */
  inVolume(): usize {
    return this.depth.windows * this.height.windows * this.width.windows;
  }

  /** How many windows there are in all. */
  count(): usize {
    return this.batch * this.inVolume();
  }

  /** How many rows of windows there are in all. */
  rows(): usize {
    if (this.width.windows == 0) return 0;
    return this.batch * this.depth.windows * this.height.windows;
  }

  /** Numbers of a window. */
  windowSize(): usize {
    return this.depth.filter * this.height.filter * this.width.filter * this.channels;
  }

  /** Numbers of a volume. */
  volumeSize(): usize {
    return this.depth.size * this.height.size * this.width.size * this.channels;
  }

  /** Whether the windows, one after the other, are the volumes as they lie in memory. */
  areVolumes(): bool {
    const depth = this.depth;
    const height = this.height;
    const width = this.width;
    const pointwise = depth.isPointwise() && height.isPointwise() && width.isPointwise();
    return pointwise || (depth.isWhole() && height.isWhole() && width.isWhole());
  }

  /** Looks at a window by its number among all, in row-major order; there is one at least. */
  moveTo(window: usize): void {
    const width = this.width.windows;
    const height = this.height.windows;
    const depth = this.depth.windows;
    const row = window / width;
    const slice = row / height;
    this.width.moveTo(window % width);
    this.height.moveTo(row % height);
    this.depth.moveTo(slice % depth);
    this.volume = slice / depth;
  }

  /** Looks at the next window. */
  next(): void {
    if (advance(this.width)) return;
    if (advance(this.height)) return;
    if (!advance(this.depth)) this.volume++;
  }

  /** The number, within its volume, of the row that holds a row of the window. */
  @inline row(z: isize, y: isize): usize {
    return this.depth.place(z) * this.height.size + this.height.place(y);
  }

  /** The number of an element of the window, of the first channel, within its volume. */
  @inline place(z: isize, y: isize, x: isize): usize {
    return (this.row(z, y) * this.width.size + this.width.place(x)) * this.channels;
  }

  /** The number of an element, of the first channel, within the window. */
  @inline element(z: isize, y: isize, x: isize): usize {
    const slice = z * this.height.filter + y;
    return (<usize>slice * this.width.filter + x) * this.channels;
  }
}

/** Moves on along an axis, or back to its start: then it says so, with false. */
function advance(axis: Axis): bool {
  const next = axis.at + 1;
  if (next < axis.windows) {
    axis.moveTo(next);
    return true;
  }
  axis.moveTo(0);
  return false;
}
