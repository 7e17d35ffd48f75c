import { MemoryError, normal, standardNormal, type Store } from '@elbo/core';
import { fromArrays, ring, type Dataset } from '@elbo/datasets';
import '@elbo/gradients';
import {
  compose,
  kl,
  reconstruction,
  type Decoder,
  type Encoder,
  type PosteriorOf,
} from '@elbo/objectives';
import { key, uniform } from '@elbo/random';
import { createRun } from '@elbo/runs';
import { temporaryFolder } from '@elbo/testing/folders';
import type { Report, Run } from '@elbo/training';
import '@tensorflow/tfjs-backend-cpu';
import {
  fill,
  memory,
  setBackend,
  tensor2d,
  zeros,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluationOf, figuresByName, lineOf, resultOf } from '../src/evaluation/evaluation.js';
import { figureTexts, metricTexts } from '../src/evaluation/figure_texts.js';
import { metricNamed, type MetricOptions } from '../src/evaluation/metrics.js';
import { stateIn } from '../src/evaluation/metrics/annealing_state.js';
import { deflatedNats } from '../src/evaluation/metrics/ood.js';
import { beside } from '../src/evaluation/metrics/beside.js';
import { drawnFrom, type DrawnRows } from '../src/config/row_form.js';
import { knownWith, quiet, RequestError, resolveRecipe, type RunWithData } from '../src/index.js';
import { provenanceOf } from '../src/reports/provenance.js';
import { draw } from '../src/reports/drawings.js';
import { expectRoomToTrain, roomOn } from '../src/room.js';
import { follow } from '../src/training/follow.js';
import { codesCsv } from '../src/use/codes.js';
import { conditionsFor } from '../src/use/conditions.js';
import { inParts, isImages, together } from '../src/use/parts.js';
import { onRows, randomRows } from '../src/use/rows.js';
import { scores } from '../src/use/scores.js';
import { traversal } from '../src/use/traversal.js';
import { rowsOf } from '../src/use/values.js';
import type { LoadedRun } from '../src/use/load_run.js';

beforeAll(() => setBackend('cpu'));

/** N(·, .1²) about its argument. */
const about = (centre: Tensor) =>
  normal(centre as Tensor2D, fill(centre.shape as [number, number], 2 * Math.log(0.1)));
const encoderWith = (...offers: readonly ('posterior' | 'logProb')[]) =>
  ({
    config: { kind: 'about' },
    offers,
    latent: 2,
    init: () => ({}),
    posterior: (_params, _mode, x) => {
      const q = about(x);
      const posterior: PosteriorOf<'logProb'> & { readonly q: typeof q } = {
        q,
        sample: q.sample,
        logProb: q.logProb,
        detach: () => posterior,
      };
      return posterior;
    },
  }) satisfies Encoder<'posterior' | 'logProb'>;
const decoder: Decoder = {
  config: { kind: 'about' },
  init: () => ({}),
  likelihood: (_params, _mode, z) => about(z),
};
const model = compose({
  prior: standardNormal(2),
  encoder: encoderWith('posterior', 'logProb'),
  decoder,
  terms: [reconstruction(), kl()],
});
const params = { primal: { encoder: {}, decoder: {} }, dual: {} };
const sets = {
  train: ring({ size: 60, modes: 3 }),
  validation: ring({ size: 20, modes: 3, split: 'validation' }),
  test: ring({ size: 40, modes: 3, split: 'test' }),
};
const trainedOn = (data: typeof sets, of = model): RunWithData =>
  ({
    model: of,
    params,
    sets: data,
    state: { step: 3 },
    known: knownWith({}),
  }) as unknown as RunWithData;
const options: MetricOptions = { chains: 1, temperatures: 1, seed: 0 };

describe('what codes say', () => {
  it('is of an explicit posterior its information, and of any how far all are from the prior', async () => {
    const codes = metricNamed('codes');
    const found = await codes(trainedOn(sets), { ...options, rows: 30 }, quiet);
    expect(found).toMatchObject({ metric: 'codes', rows: 30 });
    // Three modes far apart: log 3 at least of their information is which one.
    expect(found.informationAtLeast).toBeGreaterThan(Math.log(3) - 0.1);
    expect(Number(found.informationAtMost)).toBeGreaterThan(Number(found.informationAtLeast));
    expect(Number(found.kl)).toBeCloseTo(
      Number(found.informationAtLeast) + Number(found.aggregateKlAtMost),
      6,
    );
    const implicit = { ...model, encoder: encoderWith('posterior') } as typeof model;
    const other = await codes(trainedOn(sets, implicit), { ...options, rows: 30 }, quiet);
    expect(Object.keys(other).sort()).toEqual([
      'aggregateKl',
      'aggregateKlError',
      'metric',
      'rows',
    ]);
    expect(other.rows).toBe(30);
  });

  it('lays out classes that lie apart, where there are any', async () => {
    const probe = metricNamed('probe');
    const found = await probe(trainedOn(sets), { ...options, rows: 40 }, quiet);
    expect(found).toMatchObject({ rows: 40, linearAccuracy: 1, nearestNeighboursAccuracy: 1 });
    const plain = fromArrays({ x: Float32Array.from({ length: 20 }, (_, i) => i % 2), shape: [2] });
    await expect(
      probe(trainedOn({ train: plain, validation: plain, test: plain } as never), options, quiet),
    ).rejects.toThrow('--metric probe needs classes');
    const bare = { ...model, encoder: undefined } as unknown as typeof model;
    await expect(probe(trainedOn(sets, bare), options, quiet)).rejects.toThrow('has no encoder');
  });

  it('are costs of as many rows as are asked for, and as there are', async () => {
    for (const name of ['costs', 'elbo'] as const) {
      const metric = metricNamed(name);
      expect((await metric(trainedOn(sets), { ...options, rows: 7 }, quiet)).rows).toBe(7);
      const whole = await metric(trainedOn(sets), options, quiet);
      expect(whole.rows).toBe(40);
      expect(Number(whole.elbo)).toBeCloseTo(-Number(whole.reconstruction) - Number(whole.kl), 3);
    }
    const found = await metricNamed('elbo')(trainedOn(sets), options, quiet);
    const rows = found.perRow!;
    expect(rows).toHaveLength(40);
    expect(rows.reduce((a, b) => a + b) / 40).toBeCloseTo(Number(found.elbo), 3);
  });
});

describe('an evaluation', () => {
  const at = { step: 5, seconds: 1, backend: 'cpu 1' };

  it('is asked by the options that its metric goes by', () => {
    const found = { metric: 'nll', rows: 4, samples: 50, nll: 3, standardError: 0.5 };
    const asked = { ...options, chains: 7, samples: 9 };
    const nll = evaluationOf(found, { ...at, options: asked });
    // What was taken is among the figures, and wins.
    expect(nll.options).toEqual({ rows: 4, samples: 50, seed: 0 });
    expect(nll.figures.map(({ name, value, error, unit }) => [name, value, error, unit])).toEqual([
      ['nll', 3, 0.5, 'nats'],
    ]);
    expect([nll.title, nll.rows, nll.step]).toEqual([metricTexts.nll!.title, 4, 5]);
    const unknown = evaluationOf({ metric: 'own', rows: 1, it: 2 }, { ...at, options: asked });
    expect(unknown.options).toEqual({ rows: 1, samples: 9, chains: 7, temperatures: 1, seed: 0 });
    expect(unknown.title).toBe('own');
    expect(figuresByName(nll)).toEqual({ nll: { value: 3, error: 0.5 } });
    expect(figuresByName(unknown)).toEqual({ it: { value: 2 } });
  });

  it('keeps the values of rows to eight digits, by the figure that they are of', () => {
    const found = { metric: 'nll', rows: 2, nll: 1, perRow: Float64Array.of(1.23456789012, -2) };
    expect(evaluationOf(found, { ...at, options }).perRow).toEqual({
      name: 'nll',
      values: [1.2345679, -2],
    });
    expect(evaluationOf({ ...found, metric: 'own' }, { ...at, options }).perRow!.name).toBe('own');
    expect(lineOf(found)).toBe('metric nll   rows 2   nll 1');
    expect(resultOf(found)).toEqual({ metric: 'nll', rows: 2, nll: 1 });
  });

  it('says the unit of what is in nats', () => {
    for (const [metric, figures] of [
      ['nll', ['nll', 'samplingError', 'bias']],
      ['ais', ['logLikelihood', 'samplingError']],
      ['bdmc', ['gap', 'lower', 'upper']],
      ['diagnosis', ['refitElbo', 'refitFrom', 'refitTo', 'missed', 'disagreement', 'gained']],
      ['costs', ['elbo', 'kl', 'mmd/loss']],
    ] as const)
      for (const figure of figures)
        expect([figure, figureTexts(metric, figure).unit]).toEqual([figure, 'nats']);
    expect(figureTexts('costs', 'kl/accuracy').label).toBe('kl: accuracy of its critic');
    expect(figureTexts('costs', 'toString')).toEqual({ label: 'toString' });
    expect(figureTexts('toString', 'x/toString')).toEqual({ label: 'x/toString' });
  });

  it('stands beside that of held-out data', () => {
    expect(beside({ a: { mean: 1, error: 2 } }, { a: { mean: 3, error: 4 } })).toEqual({
      a: 1,
      aError: 2,
      aOfData: 3,
      aOfDataError: 4,
    });
  });
});

describe('rows as others read them', () => {
  it('begin with the first, and have every number', () => {
    const rows = [...rowsOf(Float32Array.of(1, 2, 3, 4, 5, 6), 3)];
    expect(rows.map((row) => row.map(Number))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('have a label where it is known', () => {
    const values = Float32Array.of(1, 2, 3);
    expect(
      codesCsv({ values, dim: 1, labels: Int32Array.of(0, -1, 4), what: 'z' })
        .trim()
        .split('\n'),
    ).toEqual(['z0,label', '1,0', '2,', '3,4']);
    expect(codesCsv({ values, dim: 1, labels: undefined, what: 'z' }).trim()).toBe('z0\n1\n2\n3');
  });

  it('are as complex as what deflate makes of each', async () => {
    const noise = uniform(key(5), 400);
    const x = tensor2d([...noise, ...Array<number>(400).fill(0.5), ...noise], [3, 400]);
    const [rough, plain, again] = await deflatedNats({ x });
    x.dispose();
    expect(again).toBe(rough);
    // Of 256 levels each: 400 bytes hold no less than they have, and one value needs next to nothing.
    expect(rough).toBeGreaterThan(0.9 * 400 * Math.log(256));
    expect(plain).toBeLessThan(0.1 * rough!);
  });

  it('are the stranger the lower their ELBO', async () => {
    const data = fromArrays({ x: Float32Array.of(0, 0, 30, 30), shape: [2], range: 'finite' });
    const found = await scores(trainedOn(sets), data, { seed: 1 }, quiet);
    // −log p(z) is ½|z|², z = x + 0.1 ε, of which five draws are averaged: 900, and 4 standard errors of 4.3 / √5.
    expect(Math.abs(found.scores[1]! - found.scores[0]! - 900)).toBeLessThan(8);
  });

  it('have a map where there is an encoder of two coordinates or more', async () => {
    const draws = async (of: typeof model): Promise<string | undefined> => {
      const dir = join(await temporaryFolder(), 'run');
      const run = await createRun({ dir, config: { kind: 'none' } });
      const shown = { run, model: of, params, step: 3, test: sets.test, seed: 0 };
      const { latent } = await draw(shown);
      expect(await run.files.list()).toEqual(
        latent ? expect.arrayContaining([latent]) : expect.not.arrayContaining(['latent.svg']),
      );
      return latent;
    };
    expect(await draws(model)).toBe('latent.svg');
    expect(await draws({ ...model, encoder: undefined })).toBeUndefined();
  });
});

describe('work that was interrupted', () => {
  it('leaves nothing behind where nothing was done yet', async () => {
    const written: string[] = [];
    const files = {
      list: () => Promise.resolve([]),
      write: (name: string) => Promise.resolve(void written.push(name)),
    };
    const run = { ...trainedOn(sets), run: { files } } as unknown as RunWithData;
    const reason = new Error('enough');
    const host = { ...quiet, signal: AbortSignal.abort(reason) };
    await expect(metricNamed('ais')(run, { ...options, rows: 2 }, host)).rejects.toBe(reason);
    expect(written).toEqual([]);
  });

  const question = { step: 1 };
  const chains = { passed: 1, z: [1, 2], start: [0], ratio: [0], logWeights: [0], acceptance: [0] };
  const state = {
    plan: { rows: 3, chains: 1, temperatures: 2, leapfrogs: 1, chunk: 1 },
    begin: 1,
    leg: 0,
    chains,
    stepSizes: [[0.2]],
    found: {},
  };
  const notes: string[] = [];
  const readBack = async (kept: unknown, latents = 2, asked: object = question) => {
    const text = typeof kept === 'string' ? kept : JSON.stringify({ question, state: kept });
    const files = {
      list: () => Promise.resolve(['x.json']),
      read: () => Promise.resolve(new TextEncoder().encode(text)),
    } as unknown as Store;
    notes.length = 0;
    return stateIn(files, 'x.json', { question: asked, latents, note: (said) => notes.push(said) });
  };

  it('goes on where it stood, where the same is asked', async () => {
    expect(await readBack(state)).toEqual(state);
    expect(notes).toEqual([]);
    expect(await readBack(state, 2, { step: 2 })).toBeUndefined();
    expect(notes).toEqual([]);
    const { chains: _chains, ...before } = state;
    expect(_chains).toBe(chains);
    expect(await readBack(before)).toEqual(before);
    expect(await readBack({ ...before, begin: 3, stepSizes: [] })).toBeDefined();
  });

  it('starts again where the file is broken, and says so', async () => {
    for (const [bad, latents] of [
      [state, 3],
      [{ ...state, begin: 4 }, 2],
      [{ ...state, chains: { ...chains, passed: 3 } }, 2],
      [{ ...state, chains: { ...chains, ratio: [] } }, 2],
      [{ ...state, chains: { ...chains, logWeights: [1, 2] } }, 2],
      [{ ...state, stepSizes: [[1, 2]] }, 2],
      [
        {
          ...state,
          found: { pilot: Array(4).fill({ logMean: 0, effectiveChains: 1, acceptance: 1 }) },
        },
        2,
      ],
      ['{', 2],
      ['{"question":{"step":1}}', 2],
    ] as const) {
      expect(await readBack(bad, latents)).toBeUndefined();
      expect(notes.join()).toContain('starts again from the beginning');
    }
    // The last block has one row left of three: its chains are one, and the step sizes too.
    const { chains: _chains, ...unstarted } = state;
    expect(_chains).toBeDefined();
    expect(
      await readBack({ ...unstarted, plan: { ...state.plan, chunk: 9 }, begin: 2 }),
    ).toBeDefined();
    expect(
      await readBack({ ...unstarted, plan: { ...state.plan, chunk: 9 }, begin: 1 }),
    ).toBeUndefined();
  });
});

describe('rows and pictures', () => {
  const few = fromArrays({
    x: Float32Array.of(0, 1, 2, 3, 4, 5),
    shape: [2],
    range: 'finite',
    condition: Float32Array.of(7, 8, 9),
  });

  it('are the first ones, or some at random', async () => {
    const seen = await onRows(few, { count: 2, noise: key(1), model: undefined }, async ({ x }) => [
      ...(await x.data()),
    ]);
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(randomRows(few, 2, key(1)).size).toBe(2);
    expect(randomRows(few, 9, key(1)).size).toBe(3);
  });

  it('have one class, every class in turn, or what held-out rows are conditioned on', async () => {
    const onLabels: DrawnRows = {
      shape: [2],
      conditions: 3,
      onLabels: true,
      read: () => Promise.reject(new Error('read')),
    };
    const values = async (
      rows: DrawnRows,
      count: number,
      only?: number,
    ): Promise<number[] | undefined> => {
      const made = await conditionsFor(rows, count, only, key(1));
      const found = made && [...(await made.data())];
      made?.dispose();
      return found;
    };
    expect(await values(onLabels, 4)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]);
    expect(await values(onLabels, 2, 2)).toEqual([0, 0, 1, 0, 0, 1]);
    await expect(values(onLabels, 2, 3)).rejects.toThrow('the classes are 0 to 2');
    expect(await values(drawnFrom(few), 4)).toEqual([7, 8, 9, 7]);
    await expect(values(drawnFrom(few), 4, 0)).rejects.toThrow('--condition label');
    expect(
      await values({ ...onLabels, conditions: undefined, onLabels: false }, 4),
    ).toBeUndefined();
  });

  it('are made in parts that come out as a whole', async () => {
    const parts: (readonly number[])[] = [];
    const count = together + 3;
    const all = await inParts(count, 2, (first, part) => {
      parts.push([first, part]);
      return fill([part, 2], first);
    });
    expect(parts).toEqual([
      [0, together],
      [together, 3],
    ]);
    expect([all[0], all[2 * together - 1], all[2 * together], all.at(-1)]).toEqual([
      0,
      0,
      together,
      together,
    ]);
    expect(
      [
        [8, 8, 1],
        [8, 8, 3],
        [8, 8, 2],
        [8, 8],
      ].map(isImages),
    ).toEqual([true, true, false, false]);
  });

  it('go along a coordinate from −2.5 to 2.5, the most used first', async () => {
    const image = {
      ...model,
      traverse: (_p: unknown, z: Tensor2D, at: number, some: readonly number[]) => {
        asked.push([at, ...some]);
        expect(z.shape).toEqual([1, 2]);
        return zeros([some.length, 2, 1, 1]);
      },
    };
    const asked: number[][] = [];
    const opened = {
      model: image,
      params,
      rows: { shape: [2, 1, 1], onLabels: false, read: () => Promise.resolve(sets.test) },
    } as unknown as LoadedRun;
    const before = memory().numTensors;
    const { coordinates, values } = await traversal(opened, { count: 1, columns: 3, seed: 0 });
    expect(values).toEqual([-2.5, 0, 2.5]);
    expect(coordinates).toHaveLength(1);
    expect(asked).toEqual([[coordinates[0]!.coordinate, -2.5, 0, 2.5]]);
    expect(memory().numTensors).toBe(before);
    asked.length = 0;
    const whole = await traversal(opened, { count: 9, columns: 1, seed: 0 });
    expect(whole.values).toEqual([0]);
    expect(whole.coordinates).toHaveLength(2);
    expect(whole.coordinates[0]!.variance).toBeGreaterThanOrEqual(whole.coordinates[1]!.variance!);
    // More values than are made at once come in parts, each its own.
    asked.length = 0;
    const many = await traversal(opened, { count: 1, columns: together + 2, seed: 0, row: 3 });
    expect(asked.map((line) => line.slice(1)).flat()).toEqual(many.values);
    await expect(traversal(opened, { count: 1, columns: 1, seed: 0, row: 40 })).rejects.toThrow(
      'held-out rows are 0 to 39',
    );
  });
});

describe('a run', () => {
  it('says how many numbers each part has', () => {
    const { parameters, backend } = provenanceOf({
      seed: 1,
      steps: 2,
      seconds: 3,
      params: {
        primal: { encoder: { w: zeros([2, 3]), b: zeros([3]) }, decoder: {} },
        dual: { critic: { w: zeros([4]) } },
      },
      backend: { name: 'cpu', version: '1' } as never,
    });
    expect(parameters).toEqual({ encoder: 9, critic: 4 });
    expect(backend).toBe('cpu 1');
  });

  it('has as many workers as are asked for', async () => {
    const request = {
      model: 'vae',
      data: 'four-pixels',
      workers: 2,
      backend: 'cpu',
      keep: 'best' as const,
    };
    const { config } = await resolveRecipe(request, knownWith({}), quiet);
    expect([config.workers, config.backend, config.training.keep]).toEqual([2, 'cpu', 'best']);
  });

  it('is followed: every report is told, and nothing after its end', async () => {
    const reports = [
      { step: 2, split: 'training', metrics: { elbo: -1 } },
      { step: 2, split: 'validation', metrics: { elbo: -2 } },
    ] as unknown as readonly Report[];
    const session = {
      state: { step: 4 },
      async *[Symbol.asyncIterator]() {
        for (const report of reports) yield await Promise.resolve(report);
      },
    } as unknown as Run;
    const said: string[] = [];
    const drawn: (readonly [number, string])[] = [];
    const bar = {
      update: (done: number, text: string) => drawn.push([done, text]),
      stop: () => drawn.push([-1, '']),
    };
    await follow(session, {
      from: 0,
      steps: 4,
      host: {
        ...quiet,
        progress: (total, done) => {
          expect([total, done]).toEqual([4, 0]);
          return bar;
        },
      },
      log: (_report, says) => {
        said.push(says);
        return Promise.resolve();
      },
    });
    expect(said[0]).toMatch(/^step 2\/4 ELBO -1\.00 .* steps\/s/);
    expect(said[1]).toBe('step 2/4 validation ELBO -2.00');
    // A figure of training stays where it is; the last step is shown; then it stops.
    expect(drawn.map(([done]) => done)).toEqual([2, 2, 4, -1]);
    expect(drawn.slice(0, 3).every(([, text]) => text.startsWith('ELBO -1.00'))).toBe(true);
    await new Promise((done) => setTimeout(done, 300));
    expect(drawn).toHaveLength(4);
  });

  it('needs room for its parameters, its minibatch and its workers', () => {
    const data: Dataset = ring({ size: 4 });
    const config = (batchSize: number, workers = 1, ema?: number) => ({
      workers,
      training: {
        steps: 1,
        batchSize,
        seed: 0,
        primal: { kind: 'sgd' },
        ...(ema !== undefined && { ema }),
      },
    });
    const check = (of: typeof model, ...how: Parameters<typeof config>): void => {
      expectRoomToTrain(of, config(...how), data, 'wasm');
    };
    check(model, 4);
    check(model, 4, 2);
    // One that works alone makes no thread, which would take 50 MB: it may have all that there is but 1 MB.
    const row = 4 * (3 * 2 + 2 * 2);
    expectRoomToTrain(model, config(Math.floor((roomOn('cpu').bytes - 1e6) / row)), data, 'cpu');
    expect(() => {
      check(model, 1e13);
    }).toThrow(/A minibatch of 10000000000000 rows needs.*--batch-size/);
    expect(() => {
      check(model, 1e7, 1e7);
    }).toThrow(/Sharing it among 10000000 workers needs.*--workers/);
    const large = {
      ...model,
      init: () => {
        throw new MemoryError('It has too many numbers.');
      },
    };
    expect(() => {
      check(large, 4);
    }).toThrow(new RequestError('The model is too large to train here. It has too many numbers.'));
    const broken = {
      ...model,
      init: () => {
        throw new Error('its own');
      },
    };
    expect(() => {
      check(broken, 4);
    }).toThrow(/^its own$/);
  });
});
