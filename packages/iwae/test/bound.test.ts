import { selectBackend } from '@elbo/backends';
import { fold, key } from '@elbo/random';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { exactGap, gaps, gradients, logLogSlope, moments } from '@elbo/testing/worlds/importance';
import type { IwaeBoundOptions } from '../src/index.js';

beforeAll(async () => {
  await selectBackend({ backend: 'wasm' });
});

describe('the bound, in a world of 20 dimensions', () => {
  it.each([1, 5, 50])('of %i samples is as far below log p(x) as quadrature says', (samples) => {
    const { mean, error } = moments(gaps({ samples }, { key: key(samples), rows: 10_000 }));
    expect(Math.abs(mean - exactGap(samples))).toBeLessThan(4 * error);
  });

  it('of one sample is the ELBO: short by KL(q ‖ p(z|x)); and rises with K', () => {
    const [one, five, fifty] = [1, 5, 50].map(exactGap);
    expect(one).toBeCloseTo(10 * (1 / 3 - Math.log(4 / 3)), 8);
    expect(five).toBeLessThan(one!);
    expect(fifty).toBeLessThan(five!);
  });

  it('is the same whether its samples are decoded at once or in chunks', () => {
    const rows = 10_000;
    const whole = moments(gaps({ samples: 5 }, { key: key(1), rows }));
    const before = memory().numTensors;
    const parts = moments(gaps({ samples: 5, chunk: 2 }, { key: key(2), rows }));
    expect(memory().numTensors).toBe(before);
    expect(Math.abs(whole.mean - parts.mean)).toBeLessThan(
      4 * Math.hypot(whole.error, parts.error),
    );
  });
});

describe('its gradient', () => {
  const noise = key(7);
  const all: readonly IwaeBoundOptions[] = [
    { samples: 6 },
    { samples: 6, chunk: 4 },
    { samples: 6, gradient: 'dreg' },
    { samples: 6, gradient: 'dreg', chunk: 4 },
    { samples: 6, gradient: 'stl', chunk: 4 },
  ];

  it.each(all)('comes with the bound’s own value: %j', (options) => {
    const rows = 50;
    const { loss } = gradients(options, { key: noise, rows });
    const { samples, chunk } = options;
    const plain = gradients(
      { samples, ...(chunk !== undefined && { chunk }) },
      { key: noise, rows },
    );
    expect(loss / rows).toBeCloseTo(plain.loss / rows, 4);
  });

  it('in chunks is the slope of the bound: a difference quotient in the decoder’s shift', () => {
    const rows = 20;
    const options = { samples: 6, chunk: 4 };
    const { shift } = gradients(options, { key: noise, rows });
    const step = 0.02;
    const at = (by: number): number => gradients(options, { key: noise, rows, shift: by }).loss;
    const difference = (at(step) - at(-step)) / (2 * step);
    const tape = shift.reduce((a, b) => a + b, 0);
    expect(Math.abs(tape - difference)).toBeLessThan(2e-3 * Math.abs(difference));
  });

  it('is the standard one for the decoder, whatever the encoder’s', () => {
    const rows = 40;
    const standard = gradients({ samples: 6 }, { key: noise, rows }).shift;
    for (const gradient of ['dreg', 'stl'] as const) {
      const { shift } = gradients({ samples: 6, gradient }, { key: noise, rows });
      const largest = Math.max(...standard.map(Math.abs));
      // A float32 sum over 40 rows and 6 samples.
      shift.forEach((value, i) => {
        expect(Math.abs(value - standard[i]!)).toBeLessThan(1e-6 * largest);
      });
    }
  });

  const meanOf = (options: IwaeBoundOptions) =>
    moments(gradients(options, { key: fold(noise, JSON.stringify(options)), rows: 4000 }).mean);

  it('by dreg has the standard one’s mean, in chunks too', () => {
    const standard = meanOf({ samples: 8 });
    for (const chunk of [8, 3]) {
      const dreg = meanOf({ samples: 8, gradient: 'dreg', chunk });
      expect(Math.abs(dreg.mean - standard.mean)).toBeLessThan(
        4 * Math.hypot(dreg.error, standard.error),
      );
      expect(dreg.deviation).toBeLessThan(0.5 * standard.deviation);
    }
  });

  it('by sticking the landing has the same mean at K = 1, and another one beyond', () => {
    const apart = (samples: number): number => {
      const standard = meanOf({ samples });
      const stl = meanOf({ samples, gradient: 'stl' });
      return Math.abs(stl.mean - standard.mean) / Math.hypot(stl.error, standard.error);
    };
    expect(apart(1)).toBeLessThan(4);
    expect(apart(8)).toBeGreaterThan(20);
  });

  it('loses its signal in noise as K grows, but for dreg (Rainforth et al. 2018, Tucker et al. 2018)', () => {
    const slope = (gradient: 'standard' | 'dreg', rows: number, ...counts: number[]): number =>
      logLogSlope(
        counts.map((samples) => {
          const { mean } = gradients({ samples, gradient }, { key: key(samples), rows });
          const { mean: signal, deviation } = moments(mean);
          return [samples, Math.abs(signal) / deviation];
        }),
      );
    // The slope over 4…64 has a standard error of about .03 with so many gradients.
    expect(slope('standard', 8000, 4, 64)).toBeLessThan(-0.35);
    expect(slope('dreg', 300, 64, 512)).toBeGreaterThan(0.4);
  });
});

describe('memory', () => {
  it('of a gradient in chunks is that of one chunk', () => {
    const peakOf = (chunk: number): number => {
      let peak = 0;
      const base = memory().numBytes;
      const watch = (): void => {
        peak = Math.max(peak, memory().numBytes - base);
      };
      gradients({ samples: 64, chunk }, { key: key(1), rows: 100, watch });
      return peak;
    };
    // 100 rows, 20 dimensions, float32: a tape of 64 samples holds several tensors of 512 kB.
    expect(peakOf(64)).toBeGreaterThan(6 * peakOf(4));
  });
});
