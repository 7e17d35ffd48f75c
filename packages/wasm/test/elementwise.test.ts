import { activate, type Activation } from '@elbo/ops';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap } from './wasm.js';

beforeAll(accelerated);

/** Every 9973rd float32 number of either sign, denormal, infinite and NaN ones too, and those where rules change. */
function everywhere(): Float32Array {
  const bits: number[] = [];
  for (let i = 0; i <= 0x7fc00000; i += 9973) bits.push(i, i | 0x80000000);
  const corners = [0, -0, 1, -1, 88.72, 88.8, -87.4, -103.9, -104, Infinity, -Infinity, NaN];
  return Float32Array.from([...new Float32Array(Int32Array.from(bits).buffer), ...corners]);
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** The unit of the last place of float32 numbers by their exponents, from those of denormal ones on. */
const units = Float64Array.from({ length: 254 }, (_, i) => 2 ** (i - 149));

/** The distance from a number to what it should be, in units of the last place of a float32. */
function unitsOff(value: number, right: number): number {
  const rounded = Math.fround(right);
  if (Number.isNaN(right) || !Number.isFinite(rounded)) return Object.is(value, rounded) ? 0 : NaN;
  double[0] = right;
  const exponent = ((words[1]! >>> 20) & 2047) - 1023;
  return Math.abs(value - right) / units[Math.max(0, exponent + 126)]!;
}

const seluOf = (x: number): number =>
  1.0507009873554805 * (x < 0 ? 1.6732632423543772 * Math.expm1(x) : x);
const softplusOf = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const activation =
  (name: Activation) =>
  (x: tf.Tensor): tf.Tensor =>
    activate(x, name);

it.each<[string, (x: tf.Tensor) => tf.Tensor, (x: number) => number, number]>([
  ['exp', tf.exp, Math.exp, 1],
  ['expm1', tf.expm1, Math.expm1, 2],
  ['log', tf.log, Math.log, 1],
  ['log1p', tf.log1p, Math.log1p, 2],
  ['sqrt', tf.sqrt, Math.sqrt, 0.5],
  ['rsqrt', tf.rsqrt, (x) => 1 / Math.sqrt(x), 1.5],
  ['reciprocal', tf.reciprocal, (x) => 1 / x, 0.5],
  ['tanh', activation('tanh'), Math.tanh, 3],
  ['softplus', activation('softplus'), softplusOf, 3.5],
  ['selu', activation('selu'), seluOf, 3],
  ['leakyRelu', activation('leakyRelu'), (x) => (x < 0 ? Math.fround(0.2) * x : x), 0.5],
])(
  '%s is right within units of the last place for all float32 numbers',
  async (_, f, right, units) => {
    const x = everywhere();
    poisonHeap();
    const y = await tf.tidy(() => f(tf.tensor1d(x))).data();
    let [worst, at, wrongZeros] = [0, NaN, 0];
    x.forEach((value, i) => {
      const exact = right(value);
      const off = unitsOff(y[i]!, exact);
      if (!(off <= worst)) [worst, at] = [off, value];
      if (exact === 0 && !Object.is(y[i], exact)) wrongZeros++;
    });
    expect(wrongZeros, 'signs of zero').toBe(0);
    expect(worst, `at ${at}`).toBeLessThanOrEqual(units);
  },
);

it('an element has the same bits wherever it stands', async () => {
  const x = Float32Array.from({ length: 11 }, (_, i) => 0.37 * i - 2);
  const whole = await tf.tidy(() => tf.exp(tf.tensor1d(x))).data();
  for (let start = 0; start < 5; start++) {
    for (let end = start; end <= 11; end++) {
      poisonHeap(64);
      const part = await tf.tidy(() => tf.exp(tf.tensor1d(x.slice(start, end)))).data();
      expect(part).toEqual(whole.slice(start, end));
    }
  }
});

it('whole numbers go to the stock kernel', async () => {
  const y = tf.leakyRelu(tf.tensor1d([-10, 3], 'int32'), 0.5);
  expect(Array.from(await y.data())).toEqual([-5, 3]);
});
