/** `n` images of 28 × 28 zeros and ones, by a fixed rule: about a fifth of them ones, as in digits. */
export function images(n) {
  const x = new Float32Array(n * 784);
  let state = 1;
  for (let i = 0; i < x.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    x[i] = Number(state < 2 ** 32 / 5);
  }
  return x;
}
