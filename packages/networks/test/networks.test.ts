import {
  countParams,
  createRegistry,
  flatten as flattenTree,
  networkCategory,
  ShapeError,
  type Config,
  type Network,
  type Shape,
} from '@elbo/core';
import { key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  activation,
  conv,
  convTranspose,
  convTrunk,
  deconvTrunk,
  dense,
  embedding,
  flatten,
  groupNorm,
  gru,
  instanceNorm,
  layerNorm,
  mlp,
  networkKinds,
  pairwiseProducts,
  reshape,
  residual,
  sequential,
  skip,
  upsample,
} from '../src/index.js';
import { expectGradient, mode, noise, perturbed, read } from './support.js';

beforeAll(useWasm);

const registry = createRegistry(...networkKinds);

interface Case {
  readonly name: string;
  readonly network: Network;
  readonly input: Shape;
  readonly output: Shape;
  /** The number of parameters, counted by hand. */
  readonly count: number;
  /** Inputs that do not fit. */
  readonly wrong?: Shape;
}

const cases: readonly Case[] = [
  {
    name: 'dense',
    network: dense({ units: 5, activation: 'elu' }),
    input: [7],
    output: [5],
    count: 7 * 5 + 5,
    wrong: [2, 7],
  },
  {
    name: 'mlp of an image',
    network: mlp({ hidden: [6, 4], output: 3, activation: 'tanh' }),
    input: [3, 2, 1],
    output: [3],
    count: 6 * 6 + 6 + (6 * 4 + 4) + (4 * 3 + 3),
  },
  {
    name: 'mlp without a linear layer',
    network: mlp({ hidden: [6, 4], activation: 'silu' }),
    input: [5],
    output: [4],
    count: 5 * 6 + 6 + (6 * 4 + 4),
  },
  {
    name: 'mlp without hidden layers',
    network: mlp({ hidden: [], output: 2 }),
    input: [5],
    output: [2],
    count: 5 * 2 + 2,
  },
  {
    name: 'residual',
    network: residual({ width: 6, blocks: 2, activation: 'elu', output: 1 }),
    input: [2, 2],
    output: [1],
    count: 4 * 6 + 6 + 2 * 2 * (6 * 6 + 6) + 7,
  },
  {
    name: 'residual of one layer a block',
    network: residual({ width: 6, blocks: 3, layers: 1, activation: 'elu' }),
    input: [4],
    output: [6],
    count: 4 * 6 + 6 + 3 * (6 * 6 + 6),
  },
  {
    name: 'conv of an odd image',
    network: conv({ filters: 4, kernel: 3, stride: 2, activation: 'elu' }),
    input: [7, 5, 2],
    output: [4, 3, 4],
    count: 3 * 3 * 2 * 4 + 4,
    wrong: [7, 5],
  },
  {
    name: 'conv, valid',
    network: conv({ filters: 3, kernel: 4, stride: 2, padding: 'valid', activation: 'tanh' }),
    input: [9, 4, 1],
    output: [3, 1, 3],
    count: 4 * 4 * 3 + 3,
    wrong: [9, 3, 1],
  },
  {
    name: 'convTranspose',
    network: convTranspose({ filters: 3, kernel: 4, stride: 2, activation: 'elu' }),
    input: [3, 5, 2],
    output: [6, 10, 3],
    count: 4 * 4 * 2 * 3 + 3,
    wrong: [30],
  },
  {
    name: 'convTranspose, valid',
    network: convTranspose({ filters: 2, kernel: 3, stride: 2, padding: 'valid' }),
    input: [3, 1, 1],
    output: [7, 3, 2],
    count: 3 * 3 * 2 + 2,
  },
  {
    name: 'gru',
    network: gru({ units: 4 }),
    input: [5, 3],
    output: [4],
    count: 3 * 12 + 12 + (4 * 12 + 12),
    wrong: [15],
  },
  {
    name: 'gru, all states',
    network: gru({ units: 4, states: 'all' }),
    input: [5, 3],
    output: [5, 4],
    count: 3 * 12 + 12 + (4 * 12 + 12),
    wrong: [5, 3, 1],
  },
  {
    name: 'embedding of one-hot symbols',
    network: embedding({ units: 2 }),
    input: [5, 3],
    output: [5, 2],
    count: 3 * 2,
    wrong: [],
  },
  { name: 'flatten', network: flatten(), input: [3, 2, 4], output: [24], count: 0 },
  {
    name: 'reshape',
    network: reshape([4, 3]),
    input: [2, 6],
    output: [4, 3],
    count: 0,
    wrong: [5],
  },
  {
    name: 'pairwiseProducts',
    network: pairwiseProducts(),
    input: [2, 2],
    output: [4 + 16],
    count: 0,
  },
  {
    name: 'upsample',
    network: upsample({ factor: 3 }),
    input: [2, 3, 2],
    output: [6, 9, 2],
    count: 0,
    wrong: [12],
  },
  { name: 'layerNorm', network: layerNorm(), input: [2, 6], output: [2, 6], count: 12, wrong: [] },
  {
    name: 'groupNorm',
    network: groupNorm({ groups: 2 }),
    input: [3, 2, 4],
    output: [3, 2, 4],
    count: 8,
    wrong: [3, 2, 5],
  },
  {
    name: 'instanceNorm',
    network: instanceNorm(),
    input: [3, 3, 2],
    output: [3, 3, 2],
    count: 4,
    wrong: [6],
  },
  {
    name: 'convTrunk',
    network: convTrunk({ filters: [2, 3], units: 5, kernel: 3, activation: 'elu' }),
    input: [6, 6, 1],
    output: [5],
    count: 9 * 2 + 2 + (9 * 2 * 3 + 3) + (2 * 2 * 3 * 5 + 5),
    wrong: [36],
  },
  {
    name: 'deconvTrunk',
    network: deconvTrunk({ shape: [8, 4, 2], filters: [3, 2], units: 5, activation: 'elu' }),
    input: [3],
    output: [8, 4, 2],
    count: 3 * 5 + 5 + (5 * 6 + 6) + (16 * 3 * 2 + 2) + (16 * 2 * 2 + 2),
    wrong: [2, 3],
  },
  {
    name: 'deconvTrunk of odd sizes: 2 × 3, then 3 × 5, then 5 × 9',
    network: deconvTrunk({ shape: [5, 9, 1], filters: [3, 2], activation: 'elu' }),
    input: [4],
    output: [5, 9, 1],
    count: 4 * 18 + 18 + (16 * 3 * 2 + 2) + (16 * 2 * 1 + 1),
    wrong: [2, 3],
  },
  {
    name: 'convTrunk with residual blocks',
    network: convTrunk({ filters: [2, 3], blocks: 2, units: 5, activation: 'elu' }),
    input: [5, 9, 1],
    output: [5],
    // Two blocks of two kernels of 3 × 3 at each size; 2 × 3 pixels are left.
    count: 16 * 2 + 2 + 4 * (9 * 4 + 2) + (16 * 6 + 3) + 4 * (9 * 9 + 3) + (2 * 3 * 3 * 5 + 5),
    wrong: [45],
  },
  {
    name: 'deconvTrunk with residual blocks',
    network: deconvTrunk({ shape: [5, 9, 1], filters: [3, 2], blocks: 1, activation: 'elu' }),
    input: [4],
    output: [5, 9, 1],
    count: 4 * 18 + 18 + 2 * (9 * 9 + 3) + (16 * 6 + 2) + 2 * (9 * 4 + 2) + (16 * 2 + 1),
    wrong: [2, 3],
  },
  {
    name: 'skip',
    network: skip(sequential([activation('tanh'), conv({ filters: 2, kernel: 3 })])),
    input: [4, 3, 2],
    output: [4, 3, 2],
    count: 9 * 2 * 2 + 2,
    wrong: [4, 3, 1],
  },
  {
    name: 'sequential within sequential',
    network: sequential([
      sequential([dense({ units: 6 }), reshape([2, 3])]),
      flatten(),
      layerNorm({ epsilon: 1e-3 }),
    ]),
    input: [4],
    output: [6],
    count: 4 * 6 + 6 + 12,
    wrong: [4, 1],
  },
];

describe.each(cases)('$name', ({ network, input, output, count, wrong }) => {
  it('makes the shape it promises, of one row and of more, from the parameters it counts', () => {
    tf.tidy(() => {
      const made = network.init(key(1), input);
      expect(made.output).toEqual(output);
      expect(countParams(made.params)).toBe(count);
      for (const rows of [1, 3]) {
        const y = network.apply(made.params, mode, noise(2, [rows, ...input]));
        expect(y.shape).toEqual([rows, ...output]);
        expect(y.dtype).toBe('float32');
      }
    });
  });

  it('treats the rows of a batch apart', () => {
    tf.tidy(() => {
      const params = perturbed(network, input);
      const x = noise(2, [3, ...input]);
      const together = read(network.apply(params, mode, x));
      const apart = tf.split(x, 3).flatMap((row) => read(network.apply(params, mode, row)));
      together.forEach((value, i) => {
        expect(Math.abs(value - apart[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
      });
    });
  });

  it('has the gradients of its difference quotient, and reaches every leaf', () => {
    expectGradient(network, input);
  });

  it('is built again from its config, bit for bit under the same key', () => {
    tf.tidy(() => {
      const config = JSON.parse(JSON.stringify(network.config)) as Config;
      const again = registry.build(networkCategory, config);
      expect(again.config).toEqual(network.config);
      const x = noise(2, [2, ...input]);
      const [one, two] = [network, again].map((net) =>
        read(net.apply(net.init(key(7), input).params, mode, x)),
      );
      expect(two).toEqual(one);
    });
  });

  it('begins with the same bits for the same key, and with others for another', () => {
    tf.tidy(() => {
      const bits = (seed: number): number[][] =>
        flattenTree(network.init(key(seed), input).params)
          .filter(({ path }) => path.endsWith('kernel'))
          .map(({ tensor }) => Array.from(tensor.dataSync()));
      expect(bits(1)).toEqual(bits(1));
      bits(1).forEach((kernel, i) => {
        if (kernel.some((value) => value !== 0)) expect(kernel).not.toEqual(bits(2)[i]);
      });
    });
  });

  it('leaves nothing behind in a scope, nor where it refuses a shape', () => {
    const before = tf.memory().numTensors;
    const { params } = network.init(key(1), input);
    const held = flattenTree(params).length;
    expect(tf.memory().numTensors).toBe(before + held);
    tf.tidy(() => {
      network.apply(params, mode, noise(2, [2, ...input]));
    });
    expect(tf.memory().numTensors).toBe(before + held);
    tf.dispose(flattenTree(params).map(({ tensor }) => tensor));
    if (wrong) expect(() => network.init(key(1), wrong)).toThrow(ShapeError);
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('a whole model of convolutions trains on the wasm backend', () => {
  expectGradient(
    sequential([convTrunk({ units: 4, activation: 'elu' }), deconvTrunk({ activation: 'elu' })]),
    [28, 28, 1],
    { h: 1e-3, tolerance: 1e-2 },
  );
});

it('a transposed convolution of odd sizes is the adjoint of the convolution', () => {
  const [down, up] = [
    conv({ filters: 3, kernel: 4, stride: 2 }),
    convTranspose({ filters: 2, kernel: 4, stride: 2, size: [5, 9] }),
  ];
  tf.tidy(() => {
    const { params } = down.init(key(1), [5, 9, 2]);
    const made = down.apply(params, mode, noise(2, [4, 5, 9, 2]));
    expect(made.shape).toEqual([4, 3, 5, 3]);
    const y = noise(3, [4, 3, 5, 3]);
    // Both with a bias of zero and one kernel: ⟨Ax, y⟩ = ⟨x, Aᵀy⟩.
    const back = up.apply({ ...params, bias: tf.zeros([2]) }, mode, y);
    const left = tf.sum(tf.mul(made, y)).dataSync()[0]!;
    const right = tf.sum(tf.mul(noise(2, [4, 5, 9, 2]), back)).dataSync()[0]!;
    // Some thousand products of float32.
    expect(Math.abs(left - right)).toBeLessThan(1e-4 * (1 + Math.abs(left)));
    expect(() => up.init(key(1), [2, 5, 3])).toThrow(/5 × 9 pixels are not made of \[2, 5, 3\]/);
  });
  expect(() => convTranspose({ filters: 2, kernel: 4, size: [5, 9], padding: 'valid' })).toThrow(
    /'size' is for the padding 'same'/,
  );
});

it('residual blocks begin as nothing, so that a trunk of them begins as one without', () => {
  const trunk = convTrunk({ filters: [2], blocks: 3, activation: 'linear' });
  tf.tidy(() => {
    const { params } = trunk.init(key(1), [6, 6, 1]);
    const x = noise(2, [2, 6, 6, 1]);
    const made = trunk.apply(params, mode, x);
    const alone = convTrunk({ filters: [2], activation: 'linear' });
    const conv0 = Object.fromEntries(Object.entries(params).slice(0, 1));
    expect(Array.from(made.dataSync())).toEqual(Array.from(alone.apply(conv0, mode, x).dataSync()));
  });
});
