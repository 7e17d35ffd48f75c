import {
  ConfigError,
  createRegistry,
  flatten as flattenTree,
  networkCategory,
  pairNetworkCategory,
  tensorAt,
  type Network,
} from '@elbo/core';
import { key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  conv,
  convTranspose,
  deconvTrunk,
  dense,
  flatten,
  groupNorm,
  instanceNorm,
  joined,
  layerNorm,
  mlp,
  networkKinds,
  pairNetworkKinds,
  pairwiseProducts,
  reshape,
  residual,
  sequential,
  upsample,
  type Activation,
} from '../src/index.js';
import { mode, noise, perturbed, read, secondMoment } from './support.js';

beforeAll(useWasm);

const registry = createRegistry(...networkKinds, ...pairNetworkKinds);
const paths = (network: Network, input: readonly number[]): string[] =>
  tf.tidy(() => {
    const { params } = network.init(key(1), input);
    return flattenTree(params).map(({ path }) => path) as unknown as string;
  }) as unknown as string[];

describe('the parameters of', () => {
  it('layers are named by place, and by kind', () => {
    expect(new Set(paths(mlp({ hidden: [2], output: 1 }), [3]))).toEqual(
      new Set(['dense_0/kernel', 'dense_0/bias', 'dense_1/kernel', 'dense_1/bias']),
    );
    const net = sequential([
      reshape([2, 2, 1]),
      convTranspose({ filters: 1, kernel: 2 }),
      flatten(),
    ]);
    expect(new Set(paths(net, [4]))).toEqual(
      new Set(['conv_transpose_1/kernel', 'conv_transpose_1/bias']),
    );
    expect(paths(residual({ width: 2, blocks: 1, output: 1 }), [3])).toContain(
      'block_0/dense_1/kernel',
    );
  });

  it('a layer depend on its place and not on what is beside it', () => {
    tf.tidy(() => {
      const short = mlp({ hidden: [4, 4] }).init(key(1), [4]).params;
      const long = mlp({ hidden: [4, 4, 9] }).init(key(1), [4]).params;
      const bits = (params: typeof short, layer: string): number[] =>
        Array.from(tensorAt(params, `${layer}/kernel`).dataSync());
      expect(bits(long, 'dense_1')).toEqual(bits(short, 'dense_1'));
      expect(bits(short, 'dense_0')).not.toEqual(bits(short, 'dense_1'));
    });
  });
});

describe('the initial second moment', () => {
  // Relu halves the second moment of a symmetric distribution and `he` doubles it. The logarithm of what a row keeps
  // varies by 5 · depth / width over initialisations (Hanin & Nica 2019).
  const width = 256;
  const depth = 5;
  const tolerance = 4 * Math.sqrt((5 * depth) / width);
  const after = (activation: Activation, layers: number): number =>
    tf.tidy(() => {
      const net = mlp({ hidden: new Array<number>(layers).fill(width), activation });
      const { params } = net.init(key(3), [width]);
      return secondMoment(net.apply(params, mode, noise(4, [64, width])));
    });

  it('is kept by he through layers of relu', () => {
    // Of x ~ N(0, 1), each layer's sum has the moment 2, and its relu 1.
    expect(Math.abs(Math.log(after('relu', depth)))).toBeLessThan(tolerance);
    expect(after('relu', 1)).toBeGreaterThan(0.9);
    expect(after('relu', 1)).toBeLessThan(1.1);
  });

  it('is kept by glorot through linear layers of equal width', () => {
    expect(Math.abs(Math.log(after('linear', depth)))).toBeLessThan(tolerance);
  });

  it.each([
    ['conv', conv({ filters: 64, kernel: 5, padding: 'valid', activation: 'relu' }), [12, 12, 32]],
    [
      'conv of stride 2',
      conv({ filters: 64, kernel: 4, stride: 2, padding: 'valid', activation: 'relu' }),
      [16, 16, 32],
    ],
  ] as const)('is kept by he in %s', (_name, network, input) => {
    tf.tidy(() => {
      const { params } = network.init(key(3), input);
      const moment = secondMoment(network.apply(params, mode, noise(4, [4, ...input])));
      expect(Math.abs(moment - 1)).toBeLessThan(0.1);
    });
  });

  it('is kept by he in a transposed convolution, off the border', () => {
    tf.tidy(() => {
      const network = convTranspose({ filters: 64, kernel: 4, stride: 2, activation: 'relu' });
      const { params } = network.init(key(3), [10, 10, 32]);
      const y = network.apply(params, mode, noise(4, [4, 10, 10, 32]));
      const inner = tf.slice(y, [0, 2, 2, 0], [-1, 16, 16, -1]);
      expect(Math.abs(secondMoment(inner) - 1)).toBeLessThan(0.1);
    });
  });

  it('of the kernels is that of the scheme', () => {
    tf.tidy(() => {
      const moment = (init: 'he' | 'glorot'): number => {
        const { params } = dense({ units: 300, init }).init(key(2), [100]);
        return secondMoment(tensorAt(params, 'kernel'));
      };
      // 30,000 draws: the relative standard error is √(2/n) for the normal and √(.8/n) for the uniform.
      expect(Math.abs(moment('he') * 50 - 1)).toBeLessThan(4 * Math.sqrt(2 / 30000));
      expect(Math.abs(moment('glorot') * 200 - 1)).toBeLessThan(4 * Math.sqrt(0.8 / 30000));
    });
  });
});

describe('zero initialisation', () => {
  it('makes an mlp zero', () => {
    tf.tidy(() => {
      const net = mlp({ hidden: [5], output: 3, zeroOutput: true });
      const { params } = net.init(key(1), [4]);
      expect(read(net.apply(params, mode, noise(1, [2, 4])))).toEqual(new Array(6).fill(0));
    });
  });

  it('makes a residual network its linear read-out, exactly', () => {
    tf.tidy(() => {
      const net = residual({ width: 6, blocks: 4, activation: 'elu', output: 2 });
      const { params } = net.init(key(1), [3]);
      const x = noise(1, [5, 3]);
      const h = tf.matMul(x, tensorAt<tf.Rank.R2>(params, 'input/kernel'));
      const linear = tf.matMul(h, tensorAt<tf.Rank.R2>(params, 'output/kernel'));
      expect(read(net.apply(params, mode, x))).toEqual(read(linear));
    });
  });

  it('is off where it is not asked for', () => {
    tf.tidy(() => {
      const net = residual({ width: 6, blocks: 1, zeroInit: false });
      const { params } = net.init(key(1), [3]);
      expect(read(tensorAt(params, 'block_0/dense_1/kernel')).some((value) => value !== 0)).toBe(
        true,
      );
    });
  });

  it('is refused for blocks of one layer', () => {
    expect(() => residual({ width: 2, blocks: 1, layers: 1, zeroInit: true })).toThrow(ConfigError);
  });
});

describe('residual blocks', () => {
  it.each([1, 2] as const)('of %i layers are their formula', (layers) => {
    tf.tidy(() => {
      const net = residual({ width: 4, blocks: 1, layers, activation: 'tanh' });
      const params = perturbed(net, [4]);
      const x = noise(1, [3, 4]);
      const affine = (path: string, input: tf.Tensor): tf.Tensor =>
        tf.add(
          tf.matMul(input, tensorAt<tf.Rank.R2>(params, `${path}/kernel`)),
          tensorAt(params, `${path}/bias`),
        );
      const entry = affine('input', x);
      const h = layers === 1 ? tf.tanh(entry) : entry;
      const branch =
        layers === 1
          ? tf.tanh(affine('block_0/dense_0', h))
          : affine('block_0/dense_1', tf.tanh(affine('block_0/dense_0', tf.tanh(h))));
      const expected = read(tf.add(h, branch));
      read(net.apply(params, mode, x)).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 5);
      });
    });
  });
});

describe('convolutions', () => {
  it('are the sum over the window', () => {
    tf.tidy(() => {
      const params = { kernel: tf.ones([3, 3, 1, 1]), bias: tf.tensor1d([0.5]) };
      const y = conv({ filters: 1, kernel: 3 }).apply(params, mode, tf.ones([1, 3, 3, 1]));
      expect(read(y)).toEqual([4, 6, 4, 6, 9, 6, 4, 6, 4].map((n) => n + 0.5));
    });
  });

  it('transposed, are the adjoint: ⟨conv x, y⟩ = ⟨x, convTranspose y⟩', () => {
    tf.tidy(() => {
      const kernel = noise(1, [4, 4, 2, 3]);
      const [x, y] = [noise(2, [2, 8, 6, 2]), noise(3, [2, 4, 3, 3])];
      const shared = { kernel: 4, stride: 2 };
      const forth = conv({ filters: 3, ...shared });
      const back = convTranspose({ filters: 2, ...shared });
      const cx = forth.apply({ kernel, bias: tf.zeros([3]) }, mode, x);
      const cy = back.apply({ kernel, bias: tf.zeros([2]) }, mode, y);
      const [left, right] = [tf.sum(tf.mul(cx, y)), tf.sum(tf.mul(x, cy))].map((t) => read(t)[0]!);
      expect(left).toBeCloseTo(right!, 3);
    });
  });
});

describe('pairwiseProducts', () => {
  it('keeps its input, and multiplies each element by each', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([
        [2, 3],
        [-1, 0.5],
      ]);
      const y = pairwiseProducts().apply({}, mode, x);
      expect(y.arraySync()).toEqual([
        [2, 3, 4, 6, 6, 9],
        [-1, 0.5, 1, -0.5, -0.5, 0.25],
      ]);
    });
  });
});

describe('upsample', () => {
  it('repeats every pixel', () => {
    tf.tidy(() => {
      const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
      const y = upsample({ factor: 2 }).apply({}, mode, x);
      const [a, b, c, d] = [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ];
      const rows = [a, a, b, b, a, a, b, b, c, c, d, d, c, c, d, d].flat();
      expect(read(y)).toEqual(rows);
    });
  });
});

describe('norms', () => {
  /** Means and variances over an axis of what is left after a norm at its initial gain and bias. */
  const standardised = (
    network: Network,
    shape: readonly number[],
    cell: (y: tf.Tensor) => tf.Tensor,
  ): void => {
    tf.tidy(() => {
      const { params } = network.init(key(1), shape);
      const x = tf.add(tf.mul(noise(1, [3, ...shape]), 4), 2);
      const cells = cell(network.apply(params, mode, x));
      const { mean, variance } = tf.moments(cells, 1);
      for (const value of read(mean)) expect(Math.abs(value)).toBeLessThan(1e-5);
      for (const value of read(variance)) expect(Math.abs(value - 1)).toBeLessThan(1e-4);
    });
  };

  it('of a layer have mean 0 and variance 1 over the last axis', () => {
    standardised(layerNorm(), [5, 16], (y) => tf.reshape(y, [15, 16]));
  });

  it('of groups, over each group and all pixels', () => {
    standardised(groupNorm({ groups: 2 }), [3, 4, 6], (y) =>
      tf.reshape(tf.transpose(tf.reshape(y, [3, 12, 2, 3]), [0, 2, 1, 3]), [6, 36]),
    );
  });

  it('of instances, over the pixels of each channel', () => {
    standardised(instanceNorm(), [5, 4, 3], (y) =>
      tf.reshape(tf.transpose(tf.reshape(y, [3, 20, 3]), [0, 2, 1]), [9, 20]),
    );
  });

  it('of groups of all channels of vectors are those of a layer', () => {
    tf.tidy(() => {
      const x = noise(1, [4, 8]);
      const params = perturbed(layerNorm(), [8]);
      const layer = read(layerNorm().apply(params, mode, x));
      read(groupNorm({ groups: 1 }).apply(params, mode, x)).forEach((value, i) => {
        expect(value).toBeCloseTo(layer[i]!, 5);
      });
    });
  });
});

describe('joined', () => {
  const network = joined(mlp({ hidden: [], output: 2 }));

  it('is linear in both inputs, flattened and in order', () => {
    tf.tidy(() => {
      const { params, output } = network.init(key(1), [2, 2], [3]);
      expect(output).toEqual([2]);
      expect(tensorAt(params, 'dense_0/kernel').shape).toEqual([7, 2]);
      const [x, z] = [noise(1, [5, 2, 2]), noise(2, [5, 3])];
      const both = tf.concat([tf.reshape(x, [5, 4]), z], 1);
      const expected = read(tf.matMul(both, tensorAt<tf.Rank.R2>(params, 'dense_0/kernel')));
      expect(read(network.apply(params, mode, x, z))).toEqual(expected);
    });
  });

  it('is built again from its config', () => {
    tf.tidy(() => {
      const again = registry.build(pairNetworkCategory, network.config);
      expect(again.config).toEqual(network.config);
      const inputs = [noise(1, [2, 4]), noise(2, [2, 3])] as const;
      const bits = [network, again].map((net) =>
        read(net.apply(net.init(key(4), [4], [3]).params, mode, ...inputs)),
      );
      expect(bits[1]).toEqual(bits[0]);
    });
  });

  it('takes any number of inputs', () => {
    tf.tidy(() => {
      const three = joined<[tf.Tensor, tf.Tensor, tf.Tensor]>(mlp({ hidden: [4] }));
      const { params } = three.init(key(1), [1], [2], [3]);
      const y = three.apply(params, mode, tf.ones([2, 1]), tf.ones([2, 2]), tf.ones([2, 3]));
      expect(y.shape).toEqual([2, 4]);
    });
  });
});

describe('errors', () => {
  it('name the layer, and leave nothing of those before it', () => {
    const before = tf.memory().numTensors;
    const net = sequential([dense({ units: 4 }), sequential([dense({ units: 4 }), reshape([3])])]);
    expect(() => net.init(key(1), [2])).toThrow(
      'sequential_1 › reshape_1 › reshape: [4] has 4 elements and [3] has 3.',
    );
    expect(() => dense({ units: 4 }).init(key(1), [28, 28, 1])).toThrow(
      'dense: takes vectors, [n], and not [28, 28, 1]; put flatten() before it.',
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    () => dense({ units: 0 }),
    () => mlp({ hidden: [3, 2.5], output: 1 }),
    () => mlp({ hidden: [3], output: -1 }),
    () => residual({ width: 2, blocks: 0 }),
    () => conv({ filters: 1, kernel: NaN }),
    () => convTranspose({ filters: 1, kernel: 2, stride: 0 }),
    () => reshape([2, -1]),
    () => upsample({ factor: 1.5 }),
    () => groupNorm({ groups: 0 }),
    () => deconvTrunk({ filters: [] }),
    () => mlp({ hidden: [] }),
    () => sequential([]),
  ])('refuse impossible sizes: %s', (make) => {
    expect(make).toThrow(ConfigError);
  });

  it.each([
    [{ kind: 'dense', unts: 3 }, "did you mean 'units'?"],
    [{ kind: 'dense', units: 3, activation: 'rely' }, "option 'activation'"],
    [
      { kind: 'dense', units: 0 },
      "network 'dense' › dense: 'units' must be a whole number of at least 1",
    ],
    [{ kind: 'sequential', layers: [{ kind: 'desne', units: 1 }] }, "did you mean 'dense'?"],
    [{ kind: 'mlp', hidden: 3 }, "option 'hidden'"],
    [{ kind: 'layer-norm', epsilon: 0 }, "option 'epsilon'"],
  ])('of configs name the option: %o', (config, message) => {
    expect(() => registry.build(networkCategory, config)).toThrow(message);
  });
});
