// Short runs of float32 numbers: shorter than what a bulk memory instruction, a call out of the module, pays for.

/** to = from, for `n` numbers. */
export function copyRun(from: usize, to: usize, n: usize): void {
  const end = to + (n << 2);
  for (; to + 64 <= end; to += 64) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    from += 64;
  }
  for (; to + 16 <= end; to += 16) {
    v128.store(to, v128.load(from));
    from += 16;
  }
  for (; to < end; to += 4) {
    store<f32>(to, load<f32>(from));
    from += 4;
  }
}

/** to = 0, for `n` numbers. */
export function clearRun(to: usize, n: usize): void {
  const end = to + (n << 2);
  for (; to + 16 <= end; to += 16) v128.store(to, f32x4.splat(0));
  for (; to < end; to += 4) store<f32>(to, 0);
}

/** to += from, for `n` numbers. */
export function addRun(from: usize, to: usize, n: usize): void {
  const end = to + (n << 2);
  for (; to + 64 <= end; to += 64) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), v128.load(from, 32)), 32);
    v128.store(to, f32x4.add(v128.load(to, 48), v128.load(from, 48)), 48);
    from += 64;
  }
  for (; to + 16 <= end; to += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
  }
  for (; to < end; to += 4) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    from += 4;
  }
}
