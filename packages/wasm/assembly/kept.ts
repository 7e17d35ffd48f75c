// Sums to which numbers come from anywhere, one at a time, as where windows overlap: each keeps what its roundings lost,
// and takes it off what comes next (Kahan 1965), so that no number of terms costs digits.
import { Four, One } from './lanes';

/** to += x; what is lost is kept at `lost`, 0 at first. */
export class Kept {
  @inline static add<Lanes>(x: v128, to: usize, lost: usize): void {
    const lanes = changetype<Lanes>(<usize>0);
    const sum = lanes.load(to);
    const more = f32x4.sub(x, lanes.load(lost));
    const next = f32x4.add(sum, more);
    const excess = f32x4.sub(f32x4.sub(next, sum), more);
    lanes.store(to, next);
    // Of an infinite sum nothing finite is lost.
    const finite = f32x4.lt(f32x4.abs(excess), f32x4.splat(Infinity));
    lanes.store(lost, v128.and(excess, finite));
  }
}

/** to += from, for `n` numbers; what is lost is kept `over` bytes from each. */
export function addRunKept(from: usize, to: usize, n: usize, over: usize): void {
  const end = to + (n << 2);
  for (; to + 16 <= end; to += 16) {
    Kept.add<Four>(v128.load(from), to, to + over);
    from += 16;
  }
  for (; to < end; to += 4) {
    Kept.add<One>(v128.load32_splat(from), to, to + over);
    from += 4;
  }
}

/** Sets `bytes` to 0, and as many where what is lost of their sums is kept, unless that is at 0. */
export function clearSums(sums: usize, lost: usize, bytes: usize): void {
  memory.fill(sums, 0, bytes);
  if (lost != 0) memory.fill(lost, 0, bytes);
}
