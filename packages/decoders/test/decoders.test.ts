import {
  ConfigError,
  createRegistry,
  leaves,
  ShapeError,
  type Network,
  type Shape,
  type TableColumn,
} from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { conv, deconvTrunk, mlp, networkKinds, reshape, sequential } from '@elbo/networks';
import { decoderCategory, type Decoder } from '@elbo/objectives';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, test } from 'vitest';
import {
  bernoulliDecoder,
  categoricalDecoder,
  decoderFor,
  decoderKinds,
  discretisedLogisticDecoder,
  gaussianDecoder,
  sequenceDecoder,
  tableDecoder,
} from '../src/index.js';
import { mode, noise, sum, values } from './support.js';

const network = mlp({ hidden: [5], activation: 'tanh' });
const image = [4, 4, 2] as const;
const deconv = deconvTrunk({ shape: image, filters: [2], kernel: 2 });

/** A row of them has 7 values and 3 bits. */
const columns: readonly TableColumn[] = [
  { type: 'number', missing: true },
  { type: 'number' },
  { type: 'count', missing: true, zero: -1, width: 0.5 },
  { type: 'category', size: 3, missing: true },
  { type: 'category', size: 1 },
];

const decoders: Readonly<Record<string, () => Decoder>> = {
  bernoulli: () => bernoulliDecoder({ network, shape: image }),
  'bernoulli on images': () => bernoulliDecoder({ network: deconv, shape: image }),
  gaussian: () => gaussianDecoder({ network, shape: image }),
  'gaussian of fixed width': () =>
    gaussianDecoder({ network, shape: image, sigma: 0.3, mean: 'sigmoid' }),
  'gaussian of many widths': () =>
    gaussianDecoder({ network: deconv, shape: image, sigma: 'learned-per-dimension' }),
  categorical: () => categoricalDecoder({ network, shape: image }),
  'discretised logistic': () => discretisedLogisticDecoder({ network, shape: image }),
  'discretised logistic on images': () =>
    discretisedLogisticDecoder({
      network: deconvTrunk({ shape: [4, 4, 12], filters: [2], kernel: 2 }),
      shape: image,
      components: 2,
    }),
  sequence: () => sequenceDecoder({ network, shape: [4, 3], units: 5, end: 1, wordDropout: 0.2 }),
  'sequence without a network': () => sequenceDecoder({ shape: [4, 3], units: 5 }),
  table: () => tableDecoder({ network, columns }),
};

test('the end of a sequence is its first symbol by default, and no word is dropped', () => {
  const { config } = sequenceDecoder({ shape: [4, 3], units: 5 });
  expect(config).toMatchObject({ end: 0, wordDropout: 0 });
});

const registry = createRegistry(...decoderKinds, ...networkKinds);

onBackends('every decoder', () => {
  describe.each(Object.entries(decoders))('%s', (_, make) => {
    const decoder = make();
    const shape = decoder.config.kind === 'table' ? [10] : (decoder.config.shape as number[]);

    it('has values of the shape of the data', () => {
      tf.tidy(() => {
        const params = decoder.init(key(3), 2, shape);
        const p = decoder.likelihood(params, mode, noise<tf.Rank.R2>(1, [3, 2]), undefined);
        expect(p.mean().shape).toEqual([3, ...shape]);
        expect(p.sample(key(1)).shape).toEqual([3, ...shape]);
        expect(p.sample(key(1), 2).shape).toEqual([6, ...shape]);
        expect(p.logProb(tf.zeros([3, ...shape])).shape).toEqual([3]);
      });
    });

    it('draws what it says it can tell the density of', () => {
      const { support } = decoder;
      if (support?.kind !== 'interval') return;
      const { least, most } = support;
      const drawn = tf.tidy(() => {
        const params = decoder.init(key(3), 2, shape);
        const p = decoder.likelihood(params, mode, noise<tf.Rank.R2>(1, [50, 2]), undefined);
        return (decoder.config.kind === 'gaussian' ? p.mean() : p.sample(key(1))).dataSync();
      });
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...drawn)).toBeLessThanOrEqual(most);
      // Neither end is out of reach.
      expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan((most - least) / 10);
    });

    it('reaches every parameter by the gradient of log p(x|z)', () => {
      tf.tidy(() => {
        const params = decoder.init(key(3), 2, shape);
        const z = noise<tf.Rank.R2>(1, [3, 2]);
        const x = tf.sigmoid(noise<tf.Rank>(2, [3, ...shape]));
        const { p } = gradientsOf(
          () => ({
            p: tf.sum<tf.Scalar>(decoder.likelihood(params, mode, z, undefined).logProb(x)),
          }),
          { p: params },
        );
        expect(p.unreached).toEqual([]);
      });
    });

    it('is the same, to the bit, when built from its config', () => {
      tf.tidy(() => {
        const again = registry.build(
          decoderCategory,
          JSON.parse(JSON.stringify(decoder.config)) as typeof decoder.config,
        );
        expect(again.config).toEqual(decoder.config);
        const z = noise<tf.Rank.R2>(1, [3, 2]);
        const [a, b] = [decoder, again].map((each) =>
          each.likelihood(each.init(key(3), 2, shape), mode, z, undefined).sample(key(5)),
        );
        expect(values(a!)).toEqual(values(b!));
      });
    });

    it('sees a condition', () => {
      tf.tidy(() => {
        const params = decoder.init(key(3), 2, shape, [2]);
        const z = noise<tf.Rank.R2>(1, [3, 2]);
        const [a, b] = [tf.zeros([3, 2]), tf.ones([3, 2])].map((condition) =>
          decoder.likelihood(params, mode, z, condition as tf.Tensor2D).mean(),
        );
        expect(values(a!)).not.toEqual(values(b!));
      });
    });

    it('says which decoder the data or the condition do not fit, and leaves no tensor', () => {
      const before = tf.memory().numTensors;
      const name = `${decoder.config.kind.replace('-l', 'L')}Decoder`;
      expect(() => decoder.init(key(3), 2, [4, 5])).toThrow(ShapeError);
      expect(() => decoder.init(key(3), 2, [4, 5])).toThrow(`${name}: it makes data of shape`);
      expect(() => decoder.init(key(3), 2, shape, [1, 2])).toThrow(`${name}: a condition`);
      expect(tf.memory().numTensors).toBe(before);
      const params = decoder.init(key(3), 2, shape);
      expect(tf.memory().numTensors - before).toBe(leaves(params).length);
      tf.dispose(leaves(params));
    });
  });

  it('has, of a table, a scale for each number and count, and none where it has neither', () => {
    const of = (made: readonly TableColumn[], width: number): readonly number[] | undefined => {
      const params = tableDecoder({ network, columns: made }).init(key(1), 2, [width]);
      const shape = (params.logScales as tf.Tensor | undefined)?.shape;
      tf.dispose(leaves(params));
      return shape;
    };
    expect(of([{ type: 'number' }], 1)).toEqual([1]);
    expect(of([{ type: 'number' }, { type: 'count' }], 2)).toEqual([2]);
    expect(of([{ type: 'category', size: 3 }], 3)).toBeUndefined();
  });

  it('puts a linear layer on a vector of features, and none on an image', () => {
    const [vector, whole] = [network, deconv].map((trunk) => {
      const params = bernoulliDecoder({ network: trunk, shape: image }).init(key(1), 2, image);
      tf.dispose(leaves(params));
      return Object.keys(params);
    });
    expect(vector).toEqual(['trunk', 'head']);
    expect(whole).toEqual(['trunk']);
  });

  it('is Bernoulli for data in [0, 1] and Gaussian for others, by `decoderFor`', () => {
    const kinds = [true, false].map(
      (unit) => decoderFor({ network, shape: image, unit }).config.kind,
    );
    expect(kinds).toEqual(['bernoulli', 'gaussian']);
    const bytes = { network, shape: image, levels: 256 };
    expect(decoderFor({ ...bytes, unit: false }).config.kind).toBe('discretised-logistic');
    // Bits are bits, and rows that are no images may have any number of values.
    expect(decoderFor({ ...bytes, unit: true }).config.kind).toBe('bernoulli');
    expect(decoderFor({ ...bytes, shape: [8], unit: false }).config.kind).toBe('gaussian');
  });

  it('refuses a network that makes images of another shape, and frees what it made', () => {
    const before = tf.memory().numTensors;
    const small = sequential([mlp({ hidden: [4] }), reshape([2, 2, 1])]);
    const decoder = bernoulliDecoder({ network: small, shape: image });
    expect(() => decoder.init(key(1), 2, image)).toThrow(/its network makes \[2, 2, 1\]/);
    const unfit = bernoulliDecoder({ network: conv({ filters: 1, kernel: 1 }), shape: image });
    expect(() => unfit.init(key(1), 2, image)).toThrow(/bernoulliDecoder › trunk › conv/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

onBackends('bernoulliDecoder', () => {
  it('has log p(x|z) = Σ x log σ(l) + (1 − x) log(1 − σ(l)) of the probabilities it shows', () => {
    tf.tidy(() => {
      const decoder = bernoulliDecoder({ network, shape: [3] });
      const params = decoder.init(key(3), 2, [3]);
      const p = decoder.likelihood(params, mode, noise<tf.Rank.R2>(1, [1, 2]), undefined);
      const x = [1, 0, 1];
      const exact = sum(
        values(p.mean()).map((m, i) => x[i]! * Math.log(m) + (1 - x[i]!) * Math.log(1 - m)),
      );
      expect(values(p.logProb(tf.tensor2d(x, [1, 3])))[0]).toBeCloseTo(exact, 5);
    });
  });
});

onBackends('gaussianDecoder', () => {
  const z = (): tf.Tensor2D => noise(1, [2, 2]);
  const x = (): tf.Tensor2D => noise(2, [2, 3]);

  it.each([0.3, 2])('has the log density of N(x; μ, σ²) for the fixed σ = %d', (sigma) => {
    tf.tidy(() => {
      const decoder = gaussianDecoder({ network, shape: [3], sigma });
      const p = decoder.likelihood(decoder.init(key(3), 2, [3]), mode, z(), undefined);
      const [mean, value] = [values(p.mean()), values(x())];
      const terms = mean.map(
        (m, i) =>
          -0.5 * Math.log(2 * Math.PI * sigma ** 2) - (value[i]! - m) ** 2 / (2 * sigma ** 2),
      );
      const actual = values(p.logProb(x()));
      expect(actual[0]).toBeCloseTo(sum(terms.slice(0, 3)), 4);
      expect(actual[1]).toBeCloseTo(sum(terms.slice(3)), 4);
    });
  });

  it('keeps sigmoid means in (0, 1)', () => {
    tf.tidy(() => {
      const decoder = gaussianDecoder({ network, shape: [3], mean: 'sigmoid' });
      const p = decoder.likelihood(decoder.init(key(3), 2, [3]), mode, tf.mul(z(), 10), undefined);
      values(p.mean()).forEach((m) => {
        expect(m > 0 && m < 1).toBe(true);
      });
    });
  });

  it.each(['learned', 'learned-per-dimension'] as const)(
    'has no slope in σ (%s) where σ is the root mean square of x − μ',
    (sigma) => {
      tf.tidy(() => {
        const decoder = gaussianDecoder({ network, shape: [3], sigma });
        const start = decoder.init(key(3), 2, [3]);
        const mean = decoder.likelihood(start, mode, z(), undefined).mean();
        const squares = tf.square(tf.sub(x(), mean));
        const variance =
          sigma === 'learned' ? tf.reshape(tf.mean(squares), [1]) : tf.mean(squares, 0);
        const slope = (logSigma: tf.Tensor): number[] => {
          const params = { ...start, logSigma };
          const { p } = gradientsOf(
            () => ({
              p: tf.sum<tf.Scalar>(decoder.likelihood(params, mode, z(), undefined).logProb(x())),
            }),
            { p: params },
          );
          return values(p.gradients.logSigma as tf.Tensor);
        };
        const best = tf.mul(tf.log(variance), 0.5);
        slope(best).forEach((value) => {
          expect(Math.abs(value)).toBeLessThan(1e-4);
        });
        // d/d log σ of −n log σ − Σ (x − μ)² / 2σ², n rows × dimensions, at twice the best σ: −n (1 − ¼).
        const n = sigma === 'learned' ? 6 : 2;
        slope(tf.add(best, Math.log(2))).forEach((value) => {
          expect(value).toBeCloseTo(-0.75 * n, 3);
        });
      });
    },
  );

  it('refuses a σ that is not positive, also from a config', () => {
    expect(() => gaussianDecoder({ network, shape: [3], sigma: 0 })).toThrow(ConfigError);
    const config = { kind: 'gaussian', network: network.config, shape: [3], sigma: 'learnt' };
    expect(() => registry.build(decoderCategory, config)).toThrow(/option 'sigma'/);
  });
});

it.each<[string, Shape, (made: tf.Tensor) => tf.Tensor]>([
  ['one row for all', [5], (made) => tf.slice(made, 0, 1)],
  ['one feature in place of five', [5], (made) => tf.slice(made, [0, 0], [-1, 1])],
  ['rows and places the other way about', [4, 1], (made) => tf.transpose(made)],
  ['a row too many', [4, 1], (made) => tf.concat([made, made])],
])("refuses what a network of one's own makes: %s", async (_, output, change) => {
  await tf.setBackend('cpu');
  tf.tidy(() => {
    const inner =
      output.length === 1 ? network : sequential([mlp({ hidden: [4] }), reshape([4, 1])]);
    const own = {
      ...inner,
      apply: (...of: Parameters<Network['apply']>) => change(inner.apply(...of)),
    };
    const decoder = gaussianDecoder({ network: own, shape: [4, 1] });
    const params = decoder.init(key(3), 2, [4, 1]);
    const made = (): unknown =>
      decoder.likelihood(params, mode, noise<tf.Rank.R2>(1, [3, 2]), undefined);
    expect(made).toThrow(ShapeError);
    expect(made).toThrow(/gaussianDecoder: what its network makes should be \[3, /);
  });
});
