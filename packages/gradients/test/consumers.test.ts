import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const built = existsSync(new URL('../dist/index.js', import.meta.url));
if (!built) console.warn('SKIPPED: dist is not built, so its consumers are not tested.');

/** What a fresh Node prints for the second derivative of tanh and for the kind of engine it has. */
const program = `
tf.setBackend('cpu').then(() => {
  const g = inputGradient((x) => inputGradient((y) => tf.tanh(y), x), tf.scalar(0.5));
  const one = tf.engine() === globalThis._tfengine;
  console.log(JSON.stringify([one, g.dataSync()[0]]));
});`;

const esm = `
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { inputGradient } from '@elbo/gradients';
${program}`;

const bareImport = `
import '@elbo/gradients';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
const inputGradient = (f, x) => tf.grad(f)(x);
${program}`;

const cjs = `
require('@tensorflow/tfjs-backend-cpu');
const tf = require('@tensorflow/tfjs-core');
const { inputGradient } = require('@elbo/gradients');
${program}`;

function output(kind: 'module' | 'commonjs', source: string): unknown {
  const text = execFileSync(process.execPath, [`--input-type=${kind}`, '--eval', source], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(text);
}

describe.skipIf(!built)('the built package serves', () => {
  test.each([
    ['import', 'module', esm],
    ['import for its effect', 'module', bareImport],
    ['require', 'commonjs', cjs],
  ] as const)('%s', (_, kind, source) => {
    const [oneEngine, second] = output(kind, source) as [boolean, number];
    expect(oneEngine).toBe(true);
    expect(second).toBeCloseTo(-2 * Math.tanh(0.5) * (1 - Math.tanh(0.5) ** 2), 5);
  });
});
