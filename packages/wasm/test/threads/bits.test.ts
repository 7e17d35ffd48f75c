// Every function that threads share gives the bits that it gives alone, whatever their number: on sizes that fit no tile, no
// vector and no share.
import { backend_util } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SideModule } from '../../dist/side_exports.js';
import type { Machine } from '../../dist/machine.js';
import { writeWindows } from '../../dist/windows.js';
import { ranges } from '../../dist/threads/ranges.js';
import { startWorld, type World } from './pools.js';

/** Numbers in (−1, 1) by a fixed rule. */
const waves = (n: number, phase = 0): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(1.7 * i + phase + 0.3));

type Call = (side: SideModule) => void;

/** A call, and where its result lies. */
interface Case {
  readonly call: Call;
  readonly to: number;
  readonly floats: number;
}

/** The place of the first number whose bits differ, or −1. */
const firstDifference = (a: Uint32Array, b: Uint32Array): number =>
  a.findIndex((x, i) => x !== b[i]);

/** For a function, calls of it by sizes that are awkward. */
type Cases = (world: World) => readonly Case[];

const awkward = [1, 3, 17, 130, 1003, 5119];

const numbers =
  (
    inputs: number,
    call: (side: SideModule, at: readonly number[], to: number, n: number) => void,
  ): Cases =>
  ({ write, allocate }) =>
    awkward.map((n) => {
      const at = Array.from({ length: inputs }, (_, i) => write(waves(n, i)));
      const to = allocate(n);
      return {
        call: (side) => {
          call(side, at, to, n);
        },
        to,
        floats: n,
      };
    });

const matrices = [
  [1, 1],
  [1, 700],
  [129, 1],
  [5, 33],
  [130, 401],
] as const;

const rows =
  (
    call: (
      side: SideModule,
      args: { at: readonly number[]; to: number; rows: number; columns: number },
    ) => void,
    floats: (rows: number, columns: number) => number,
  ): Cases =>
  ({ write, allocate }) =>
    matrices.map(([count, columns]) => {
      const at = [0, 1, 2, 3].map((phase) => write(waves(count * columns, phase)));
      const to = allocate(count * columns);
      return {
        call: (side) => {
          call(side, { at, to, rows: count, columns });
        },
        to,
        floats: floats(count, columns),
      };
    });

const all = (count: number, columns: number): number => count * columns;
const one = (count: number): number => count;

const noise =
  (name: 'randomNormal' | 'randomUniform'): Cases =>
  ({ allocate }) => {
    const scratch = allocate(8);
    return awkward.map((n) => {
      const to = allocate(n);
      return {
        call: (side) => {
          side[name](12, 34, to, n, scratch, 0);
        },
        to,
        floats: n,
      };
    });
  };

const cases: Readonly<Partial<Record<keyof SideModule, Cases>>> = {
  finish: ({ write, allocate }) =>
    matrices.flatMap(([count, columns]) =>
      [true, false].map((along) => {
        const bias = write(waves(along ? columns : count));
        const from = write(waves(count * columns));
        const c = allocate(count * columns);
        return {
          call: (side) => {
            side.clip(from, c, count * columns, -2, 2);
            side.finish(c, count, columns, bias, along ? 0 : 4, along, 7, 0);
          },
          to: c,
          floats: count * columns,
        };
      }),
    ),
  activate: numbers(1, (side, [x], y, n) => {
    side.activate(9, x!, y, n, 0);
  }),
  activationGradient: numbers(2, (side, [dy, y], dx, n) => {
    side.activationGradient(3, dy!, y!, dx, n, 0);
  }),
  prelu: numbers(2, (side, [x, below], y, n) => {
    side.prelu(x!, below!, y, n);
  }),
  apply: numbers(1, (side, [x], y, n) => {
    side.apply(0, x!, y, n);
  }),
  extremum: (world) => [
    ...numbers(2, (side, [x, y], z, n) => {
      side.extremum(0, x!, true, y!, true, z, n);
    })(world),
    ...numbers(2, (side, [x, y], z, n) => {
      side.extremum(1, x!, true, y!, false, z, n);
    })(world),
  ],
  clip: numbers(1, (side, [x], y, n) => {
    side.clip(x!, y, n, -0.5, 0.25);
  }),
  clipIntegers: numbers(1, (side, [x], y, n) => {
    side.clipIntegers(x!, y, n, -5, 1e9);
  }),
  sign: numbers(1, (side, [x], y, n) => {
    side.sign(x!, y, n);
  }),
  sum: ({ write, allocate, side: { sumScratch } }) =>
    (
      [
        [1, 700, 1],
        [130, 33, 1],
        [1, 130, 401],
        [1, 40_000, 33],
        [7, 5, 19],
      ] as const
    ).map(([outer, n, inner]) => {
      const x = write(waves(outer * n * inner));
      const y = allocate(outer * inner);
      const scratch = allocate((sumScratch(n, inner) >>> 0) / 4);
      return {
        call: (side) => {
          side.sum(outer, n, inner, x, y, 3, scratch, inner * 4);
        },
        to: y,
        floats: outer * inner,
      };
    }),
  gatherRows: rows(({ gatherRows }, { at, to, rows: count, columns }) => {
    gatherRows(count, columns * 4, at[0]!, columns * 4, to);
  }, all),
  pickRows: ({ write, allocate, memory }) =>
    matrices.map(([count, columns]) => {
      const from = write(waves(count * columns));
      const places = allocate(count);
      new Int32Array(memory.buffer, places, count).set(
        Array.from({ length: count }, (_, i) => (i * 7) % count),
      );
      const to = allocate(count * columns);
      return {
        call: (side) => {
          side.pickRows(1, count, columns * 4, from, 0, places, to);
        },
        to,
        floats: count * columns,
      };
    }),
  density: (world) =>
    [0, 1, 2, 3].flatMap((code) =>
      rows(({ density }, { at: [x, y, z], to, rows: count, columns }) => {
        density(code, x!, y!, z!, to, count, columns);
      }, one)(world),
    ),
  densityGradient: (world) =>
    [0, 3, 4, 7].flatMap((code) =>
      rows(({ densityGradient }, { at: [x, y, z, dy], to, rows: count, columns }) => {
        densityGradient(code, dy!, x!, y!, z!, to, count, columns);
      }, all)(world),
    ),
  reparameterize: numbers(3, (side, [mean, logVar, epsilon], y, n) => {
    side.reparameterize(mean!, logVar!, epsilon!, y, n);
  }),
  reparameterizeOfLogVar: numbers(3, (side, [dy, logVar, epsilon], dx, n) => {
    side.reparameterizeOfLogVar(dy!, logVar!, epsilon!, dx, n);
  }),
  reparameterizeOfNoise: numbers(3, (side, [dy, logVar, epsilon], dx, n) => {
    side.reparameterizeOfNoise(dy!, logVar!, epsilon!, dx, n);
  }),
  layerNorm: rows(({ layerNorm }, { at: [x, gain, bias], to, rows: count, columns }) => {
    layerNorm(x!, gain!, bias!, to, count, columns, 1e-5);
  }, all),
  layerNormOfX: rows(({ layerNormOfX }, { at: [dy, x, gain], to, rows: count, columns }) => {
    layerNormOfX(dy!, x!, gain!, to, count, columns, 1e-5);
  }, all),
  logSumExp: rows(({ logSumExp }, { at: [x], to, rows: count, columns }) => {
    logSumExp(x!, to, count, columns, 1);
  }, one),
  logSumExpGradient: rows(({ logSumExpGradient }, { at: [dy, x], to, rows: count, columns }) => {
    logSumExpGradient(dy!, x!, to, count, columns, 1);
  }, all),
  adam: numbers(3, (side, [p, g, m], to, n) => {
    side.adam(p!, g!, m!, p!, to, m!, to, n, 0, 0, 1, 0, 1, 0.01, 1e-8, 1);
  }),
  randomNormal: noise('randomNormal'),
  randomUniform: noise('randomUniform'),
  randomBernoulli: ({ write, allocate }) => {
    const scratch = allocate(8);
    return awkward.flatMap((n) =>
      [1, n].map((period) => {
        const p = write(waves(period).map((x) => Math.abs(x)));
        const to = allocate(n);
        return {
          call: (side: SideModule) => {
            side.randomBernoulli(5, 6, p, period, to, n, scratch, 0);
          },
          to,
          floats: n,
        };
      }),
    );
  },
  product: ({ write, allocate, side: { productScratch } }) =>
    (
      [
        [1, 300, 701],
        [700, 300, 1],
        [1, 1, 9],
        [5, 9, 3],
        [129, 333, 401],
        [37, 300, 1025],
        [21, 9001, 13],
        [513, 64, 13],
      ] as const
    ).flatMap(([m, k, n]) =>
      [false, true].flatMap((transposedA) =>
        [false, true].map((transposedB) => {
          const [a, b, c] = [write(waves(m * k)), write(waves(k * n, 1)), allocate(m * n)];
          const [downA, alongA] = transposedA ? [4, m * 4] : [k * 4, 4];
          const [downB, alongB] = transposedB ? [4, k * 4] : [n * 4, 4];
          const scratch = allocate((productScratch(m, n, k) >>> 0) / 4);
          return {
            call: (side) => {
              side.product(m, n, k, a, downA, alongA, b, downB, alongB, c, n * 4, scratch);
            },
            to: c,
            floats: m * n,
          };
        }),
      ),
    ),
};

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b);

/** Convolutions of images, as the kernels call them. */
const convolution =
  (
    call: (
      side: SideModule,
      args: {
        windows: number;
        x: number;
        dy: number;
        filter: number;
        channels: number;
        to: number;
        lost: number;
        room: number;
        some: number;
        scratch: number;
        count: number;
      },
    ) => void,
    floatsOf: (info: backend_util.Conv2DInfo) => number,
  ): Cases =>
  ({ side, memory, write, allocate }) =>
    (
      [
        [[9, 13, 11, 3], 4, 5, 2, 'same'],
        [[33, 15, 13, 7], 3, 9, 1, 'valid'],
        [[5, 7, 7, 16], 1, 24, 1, 'same'],
        [[200, 4, 4, 8], 4, 40, 2, 'same'],
        [[30, 4, 4, 3], 4, 4, 1, 'valid'],
        [[3, 2, 2, 3], 2, 4, 3, 'same'],
      ] as const
    ).flatMap(([shape, filterSize, channels, stride, pad]) =>
      [1, 3, 64].map((some) => {
        const info = backend_util.computeConv2DInfo(
          [...shape],
          [filterSize, filterSize, shape[3], channels],
          stride,
          1,
          pad,
        );
        const at = allocate(64);
        const windows = writeWindows(
          {
            write: (integers: readonly number[]) => {
              new Int32Array(memory.buffer, at, integers.length).set(integers);
              return at;
            },
          } as unknown as Machine,
          info,
        );
        const { count, size } = windows;
        const x = write(waves(sizeOf(shape)));
        const dy = write(waves(count * channels, 1));
        const filter = write(waves(size * channels, 2));
        const floats = floatsOf(info);
        const lost = allocate(floats);
        const [to, room] = [allocate(floats), allocate(some * size)];
        const bytes = [
          side.productScratch(count, channels, size),
          side.productScratch(count, size, channels),
          side.convolutionFilterScratch(at, channels, some),
        ].map((n) => n >>> 0);
        const scratch = allocate(Math.max(...bytes) / 4);
        const args = { windows: at, x, dy, filter, channels, to, lost, room, some, scratch, count };
        return {
          call: (which) => {
            call(which, args);
          },
          to,
          floats,
        };
      }),
    );

const convolutions: Readonly<Record<string, Cases>> = {
  convolution: convolution(
    (side, { windows, x, filter, channels, to, room, some, scratch, count }) => {
      side.convolution(windows, x, filter, channels, to, room, some, scratch, 0, count);
    },
    ({ outShape }) => sizeOf(outShape),
  ),
  'the gradient of its input': convolution(
    (side, { windows, dy, filter, channels, to, room, some, scratch, count }) => {
      side.convolutionInputGradient(
        windows,
        dy,
        filter,
        channels,
        to,
        0,
        room,
        some,
        scratch,
        0,
        count,
      );
    },
    ({ inShape }) => sizeOf(inShape),
  ),
  'the gradient of its input, of many windows': convolution(
    (side, { windows, dy, filter, channels, to, lost, room, some, scratch, count }) => {
      side.convolutionInputGradient(
        windows,
        dy,
        filter,
        channels,
        to,
        lost,
        room,
        some,
        scratch,
        0,
        count,
      );
    },
    ({ inShape }) => sizeOf(inShape),
  ),
  'the gradient of its filter': convolution(
    (side, { windows, x, dy, channels, to, room, some, scratch }) => {
      const parts = side.convolutionFilterParts(windows, some);
      side.convolutionFilterGradient(windows, x, dy, channels, to, room, some, scratch, 0, parts);
    },
    ({ filterShape }) => sizeOf(filterShape),
  ),
};

const everything: Readonly<Record<string, Cases>> = { ...cases, ...convolutions };

describe.each([2, 5])('on %d threads', (threads) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(threads);
  });
  afterAll(() => {
    world.pool.close();
  });

  test.each(Object.keys(everything))('%s', (name) => {
    for (const { call, to, floats } of everything[name]!(world)) {
      const bits = (side: SideModule): Uint32Array => {
        new Float32Array(world.memory.buffer, to, floats).fill(NaN);
        call(side);
        return world.read(to, floats);
      };
      expect(firstDifference(bits(world.shared), bits(world.side))).toBe(-1);
    }
  });
});

test('every function that is cut into ranges is tried', () => {
  expect(Object.keys(cases)).toEqual(expect.arrayContaining(Object.keys(ranges)));
});
