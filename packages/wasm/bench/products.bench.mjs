import '@elbo/gradients';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accelerate } from '@elbo/wasm';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import asc from 'assemblyscript/asc';
import { median } from '@elbo/testing/median';

export const name = 'products';

const rounds = 15;

/** [rows, columns, depth]: of layers, of their gradients, and of what is awkward. */
const sizes = [
  [512, 512, 512],
  [128, 400, 784],
  [400, 784, 128],
  [512, 128, 128],
  [512, 64, 64],
  [128, 20, 400],
  [1, 400, 784],
  [128, 1, 512],
  [33, 31, 65],
];

const layouts = {
  'A B': [false, false],
  'A Bᵀ': [false, true],
  'Aᵀ B': [true, false],
  'Aᵀ Bᵀ': [true, true],
};

/** Independent multiply-adds in registers, in the same instructions: the most that a product could do. */
async function peak(instructions) {
  let binary;
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd'];
  const more = instructions === 'relaxed-simd' ? ['--enable', 'relaxed-simd'] : [];
  const { error } = await asc.main(
    [
      ...['bench/peak.ts', '--baseDir', dirname(dirname(fileURLToPath(import.meta.url)))],
      ...['--outFile', 'peak.wasm', '--disableWarning', '112', ...flags, ...more],
    ],
    { writeFile: (_, contents) => void (binary = contents) },
  );
  if (error) throw error;
  const { instance } = await WebAssembly.instantiate(binary);
  return instance.exports.peak;
}

const filled = (rows, columns) =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
    [rows, columns],
  );

/** Seconds that f takes, once. */
function seconds(f) {
  const start = performance.now();
  f();
  return (performance.now() - start) / 1e3;
}

/** What is done in a call of `peak`: so little that the machine rarely does anything else meanwhile, */
const calls = 1e4;
const flopsOfPeak = calls * 24 * 8;
/** and often, so that the engine soon has its best code, and the best call is the peak. */
const callsOfPeak = 200;

/** @throws where a product is above the peak, which is then measured wrong. */
function expectBelowPeak(rows) {
  const above = rows.filter((row) => row['of peak'] > 1);
  if (above.length === 0) return;
  const names = above.map(({ product, ...row }) => `${product} (${row['of peak'].toFixed(2)})`);
  throw new Error(
    `The peak of multiply-adds is measured too low (bench/peak.ts): above it are ${names.join(', ')}.`,
  );
}

/** GFLOP/s of products, by tf.matMul, and their share of the peak that is measured between them. */
export async function run() {
  setThreadsCount(1);
  await tf.setBackend('wasm');
  const { instructions } = await accelerate();
  const multiplyAdds = await peak(instructions);
  let most = 0;
  const cases = sizes.flatMap(([rows, columns, depth]) =>
    Object.entries(layouts).map(([layout, [transposeA, transposeB]]) => {
      const a = transposeA ? filled(depth, rows) : filled(rows, depth);
      const b = transposeB ? filled(columns, depth) : filled(depth, columns);
      const flops = 2 * rows * columns * depth;
      // Long enough for the clock, and a call's fixed cost counts as often as it is paid.
      const repeats = Math.max(1, Math.round(5e7 / flops));
      const product = () => {
        for (let i = 0; i < repeats; i++) tf.matMul(a, b, transposeA, transposeB).dispose();
      };
      return {
        size: `${rows}×${columns}×${depth}`,
        layout,
        flops: flops * repeats,
        product,
        rates: [],
      };
    }),
  );
  for (let round = -2; round < rounds; round++) {
    for (let call = 0; call < callsOfPeak; call++) {
      const rate = flopsOfPeak / seconds(() => multiplyAdds(calls, 0.999, 1e-6)) / 1e9;
      most = Math.max(most, rate);
    }
    for (const { product, flops, rates } of cases) {
      const rate = flops / seconds(product) / 1e9;
      if (round >= 0) rates.push(rate);
    }
  }
  const rows = [
    { product: `multiply-adds in registers, ${instructions}`, 'GFLOP/s': most, 'of peak': 1 },
    ...cases.map(({ size, layout, rates }) => ({
      product: `${size}, ${layout}`,
      'GFLOP/s': median(rates),
      'of peak': median(rates) / most,
    })),
  ];
  expectBelowPeak(rows);
  return { rows };
}
