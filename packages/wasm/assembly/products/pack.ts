// A product reads its operands as panels: strips of a few columns (of A: rows), in which what one step of the inner loop
// needs lies side by side.

/** Four vectors of four as the four columns they form, `step` bytes apart. */
function storeTransposed(x0: v128, x1: v128, x2: v128, x3: v128, to: usize, step: usize): void {
  const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(to + step, v128.shuffle<i64>(low01, low23, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<i64>(high01, high23, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<i64>(high01, high23, 1, 3));
}

/** A panel whose elements of one step lie side by side in memory already. */
function packAlong(from: usize, depth: usize, stepOver: usize, width: usize, to: usize): void {
  const end = to + depth * (width << 2);
  while (to < end) {
    v128.store(to, v128.load(from));
    if (width == 8) v128.store(to, v128.load(from, 16), 16);
    to += width << 2;
    from += stepOver;
  }
}

/** A panel whose steps lie side by side in memory: blocks of 4 × 4 are transposed. */
function packAcross(from: usize, depth: usize, widthOver: usize, width: usize, to: usize): void {
  const step = width << 2;
  let k: usize = 0;
  for (; k + 4 <= depth; k += 4) {
    for (let w: usize = 0; w < width; w += 4) {
      const row = from + w * widthOver;
      const third = row + (widthOver << 1);
      storeTransposed(
        v128.load(row),
        v128.load(row + widthOver),
        v128.load(third),
        v128.load(third + widthOver),
        to + (w << 2),
        step,
      );
    }
    to += step << 2;
    from += 16;
  }
  for (; k < depth; k++) {
    for (let w: usize = 0; w < width; w++)
      store<f32>(to + (w << 2), load<f32>(from + w * widthOver));
    to += step;
    from += 4;
  }
}

/** A panel of any layout, or the last one, filled up with zeros. */
function packAny(
  from: usize,
  depth: usize,
  stepOver: usize,
  widthOver: usize,
  present: usize,
  width: usize,
  to: usize,
): void {
  for (let k: usize = 0; k < depth; k++) {
    for (let w: usize = 0; w < present; w++)
      store<f32>(to + (w << 2), load<f32>(from + w * widthOver));
    for (let w = present; w < width; w++) store<f32>(to + (w << 2), 0);
    to += width << 2;
    from += stepOver;
  }
}

/**
 * Lays out `depth` × `breadth` numbers as panels of `width` (4 or 8) across, one after the other; the last is filled up
 * with zeros. `stepOver` and `widthOver` are the bytes from one element to the next along the depth and across it.
 */
export function pack(
  from: usize,
  depth: usize,
  breadth: usize,
  stepOver: usize,
  widthOver: usize,
  width: usize,
  to: usize,
): void {
  const panel = (depth * width) << 2;
  for (let first: usize = 0; first < breadth; first += width) {
    const present = min(width, breadth - first);
    if (present == width && widthOver == 4) packAlong(from, depth, stepOver, width, to);
    else if (present == width && stepOver == 4) packAcross(from, depth, widthOver, width, to);
    else packAny(from, depth, stepOver, widthOver, present, width, to);
    from += width * widthOver;
    to += panel;
  }
}
