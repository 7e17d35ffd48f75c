import { ConfigError, type Json } from '@elbo/core';
import { fromArrays, ring, strokes } from '@elbo/datasets';
import type { Recipe } from '@elbo/recipes';
import type { State } from '@elbo/training';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { chooseData, dataConfig, dataFolder, fileOptions } from '../src/config/data.js';
import { begun, extended, stretchesFrom } from '../src/config/legs.js';
import { drawnFrom, expectForm, expectRows, formOf, isOnLabels } from '../src/config/row_form.js';
import {
  expectRowsForWorkers,
  lastLeg,
  legsOf,
  parseGivenConfig,
  parseRunConfig,
  toJson,
  type ResolvedConfig,
} from '../src/config/run_config.js';
import { scheduleNote } from '../src/config/schedule_note.js';
import { replaceAt } from '../src/config/settings.js';
import {
  isResumable,
  knownWith,
  metricNamed,
  quiet,
  RequestError,
  resolveConfig,
  resolveRecipe,
  withPlugins,
} from '../src/index.js';
import { expectPlugins, recipeNamed, type Known } from '../src/known.js';
import { expectPicture, expectRoom, expectRoomToMeasure, roomOn } from '../src/room.js';
import { endingOf } from '../src/training/ending.js';
import { formatMetrics, formatPace } from '../src/training/progress_line.js';
import { trainingSeconds } from '../src/reports/provenance.js';
import { usualMetric } from '../src/evaluation/metrics.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

const known = knownWith({});
const sgd = { kind: 'sgd', learningRate: 0.1 };
const training = { steps: 10, batchSize: 4, seed: 1, primal: sgd };
const given = {
  model: { kind: 'some' },
  data: {
    train: { kind: 'four-pixels' },
    validation: { kind: 'four-pixels' },
    test: { kind: 'four-pixels' },
  },
  training,
} satisfies Json;
const whole = parseRunConfig({ format: 2, ...given, rows: { shape: [2, 2, 1] } }, 'here');
const stateAt = (step: number, best?: object): State => ({ step, best }) as unknown as State;

describe('a setting', () => {
  const json = { a: { b: [1, { c: 2 }], d: 3 } };

  it('replaces what is at its path, and leaves all else', () => {
    expect(replaceAt(json, { key: 'a.d', value: 4 })).toEqual({ a: { ...json.a, d: 4 } });
    expect(replaceAt(json, { key: 'a.b.0', value: 9 })).toEqual({ a: { b: [9, { c: 2 }], d: 3 } });
    expect(replaceAt(json, { key: 'a.b.1.c', value: 9 })).toEqual({
      a: { b: [1, { c: 9 }], d: 3 },
    });
    // A last name may be new.
    expect(replaceAt(json, { key: 'a.e', value: null })).toEqual({ a: { ...json.a, e: null } });
    expect(json).toEqual({ a: { b: [1, { c: 2 }], d: 3 } });
  });

  it('says what there is where nothing is on its way', () => {
    expect(() => replaceAt(json, { key: 'x.y', value: 1 })).toThrow("there is no 'x'; there are a");
    expect(() => replaceAt(json, { key: 'a.d.e', value: 1 })).toThrow("there is no 'e' there");
    expect(() => replaceAt(json, { key: 'a.b.7.c', value: 1 })).toThrow("there is no '7'");
    expect(() => replaceAt({ a: null }, { key: 'a.b', value: 1 })).toThrow(ConfigError);
  });
});

describe('a configuration', () => {
  it('is told that it is none by its path, what it should be and what it is', () => {
    for (const [bad, message] of [
      [{ ...given, modle: 1 }, "'modle' is not a configuration option"],
      [{ ...given, workers: 0 }, "'workers' should be"],
      [{ ...given, workers: 1.5 }, "'workers' should be"],
      [{ ...given, data: {} }, "'data.train' should be"],
      [{ ...given, rows: { shape: [0] } }, "'rows.shape.0' should be"],
      [3, 'a configuration should be'],
    ] as const)
      expect(() => parseGivenConfig(bad, 'mine.json')).toThrow(`mine.json: ${message}`);
    expect(parseGivenConfig(given, 'here')).toMatchObject({
      format: 2,
      backend: 'auto',
      workers: 1,
    });
  });

  it('has legs that begin one after the other, from step 1', () => {
    const leg = (from: number) => ({ from, training: { ...training, steps: 20 } });
    const withLegs = (...froms: readonly number[]) =>
      parseGivenConfig({ ...given, legs: froms.map(leg) }, 'here');
    expect(withLegs(1, 2).legs!.map(({ from }) => from)).toEqual([1, 2]);
    expect(withLegs()).not.toHaveProperty('legs');
    for (const froms of [[2, 2], [3, 2], [0]]) expect(() => withLegs(...froms)).toThrow(/legs/);
  });

  it('of a run is whole, or says what is missing', () => {
    const { train, validation, test } = given.data;
    const rows = { shape: [2] };
    expect(() => parseRunConfig(given, 'c.json')).toThrow('does not say "format": 2');
    expect(() => parseRunConfig(null, 'c.json')).toThrow('does not say "format": 2');
    for (const [bad, what] of [
      [{ ...given, format: 2, rows, data: { train, test } }, "'data.validation' is missing"],
      [{ ...given, format: 2, rows, data: { train, validation } }, "'data.test' is missing"],
      [{ ...given, format: 2 }, "'rows' is missing"],
    ] as const)
      expect(() => parseRunConfig(bad, 'c.json')).toThrow(what);
    expect(expectRows(rows, 'here')).toBe(rows);
  });

  it('written and read again is the same text', () => {
    const text = JSON.stringify(toJson(whole));
    expect(JSON.stringify(toJson(parseRunConfig(JSON.parse(text), 'here')))).toBe(text);
    expect(Object.keys(toJson(whole)).slice(0, 4)).toEqual(['format', 'model', 'data', 'rows']);
  });

  it('gives every worker a row of every leg’s minibatches', () => {
    const legs = [{ from: 5, training: { ...whole.training, batchSize: 2 } }];
    expectRowsForWorkers({ ...whole, workers: 4 });
    expect(() => {
      expectRowsForWorkers({ ...whole, workers: 5 });
    }).toThrow('5 workers cannot share minibatches of 4 rows:');
    expectRowsForWorkers({ ...whole, legs, workers: 2 });
    expect(() => {
      expectRowsForWorkers({ ...whole, legs, workers: 3 });
    }).toThrow('minibatches of 2 rows');
    expect(() => {
      expectRowsForWorkers({ ...whole, training: { ...whole.training, batchSize: 1 }, workers: 2 });
    }).toThrow('minibatches of 1 row:');
  });

  it('resolved reports, validates and writes checkpoints as often as its steps want it', async () => {
    for (const [steps, every, validateEvery, checkpointEvery] of [
      [4, 1, 1, 1],
      [400, 20, 20, 40],
      [10_000, 100, 500, 1000],
    ] as const) {
      const config = { ...given, training: { ...training, steps } };
      const { config: found, title } = await resolveConfig({ config, where: 'here' }, known);
      expect(found.training).toMatchObject({
        every,
        validateEvery,
        checkpointEvery,
        validateRows: 1000,
      });
      expect(title).toBe('some-four-pixels');
    }
  });

  it('is overridden by what is asked for, and only by that', async () => {
    const config = given;
    const at = { config, where: 'here' };
    const plain = await resolveConfig(at, known);
    expect(plain.config.training).toMatchObject(training);
    expect(plain.changedSteps).toBe(false);
    const other = await resolveConfig(
      { ...at, steps: 7, seed: 5, batchSize: 3, keep: 'best', backend: 'cpu', workers: 2 },
      known,
    );
    expect(other.config).toMatchObject({
      backend: 'cpu',
      workers: 2,
      training: { steps: 7, seed: 5, batchSize: 3, keep: 'best' },
    });
    expect(other.changedSteps).toBe(true);
    const settings = [{ key: 'training.steps', value: 9 }];
    const set = await resolveConfig({ ...at, settings }, known);
    expect([set.config.training.steps, set.changedSteps]).toEqual([9, true]);
    // The sets that are not named are told from the rows to train on.
    const { data } = (
      await resolveConfig(
        { ...at, config: { ...given, data: { train: strokes({ size: 20 }).config } } },
        known,
      )
    ).config;
    expect([data.validation.split, data.test.split]).toEqual(['validation', 'test']);
    // Further legs are repeated, with another seed at most.
    const legs = [{ from: 5, training: { ...training, steps: 20 } }];
    const further = { ...at, config: { ...given, legs } };
    const again = await resolveConfig({ ...further, seed: 9 }, known);
    expect(legsOf(again.config).map((leg) => leg.training.seed)).toEqual([9, 9]);
    for (const bad of [{ steps: 3 }, { batchSize: 2 }, { keep: 'best' as const }, { settings }])
      await expect(resolveConfig({ ...further, ...bad }, known)).rejects.toThrow(
        'has further legs',
      );
    const model = [{ key: 'model.dim', value: 3 }];
    expect((await resolveConfig({ ...further, settings: model }, known)).config.model.dim).toBe(3);
  });

  it('of a model by name has the recipe’s options, and training’s, and says which there are', async () => {
    const request = { model: 'vae', data: 'four-pixels', steps: 40, batchSize: 4 };
    const options = { latent: 3, hidden: [5], every: 7 };
    const { config, title } = await resolveRecipe({ ...request, options }, known, quiet);
    expect(title).toBe('vae-four-pixels');
    expect(config).toMatchObject({
      backend: 'auto',
      workers: 1,
      training: { steps: 40, batchSize: 4, seed: 0, every: 7 },
    });
    expect(JSON.stringify(config.model)).toContain('"dim":3');
    const usual = await resolveRecipe({ model: 'vae', data: 'four-pixels' }, known, quiet);
    expect(usual.config.training).toMatchObject({ steps: 5000, batchSize: 128, seed: 0 });
    await expect(
      resolveRecipe({ ...request, options: { latnet: 3 } }, known, quiet),
    ).rejects.toThrow("vae has no option 'latnet'; did you mean 'latent'?");
    await expect(
      resolveRecipe({ ...request, options: { 'quite-other': 3 } }, known, quiet),
    ).rejects.toThrow('(it has ');
    await expect(resolveRecipe({ ...request, model: 'vea' }, known, quiet)).rejects.toThrow(
      "'vae'",
    );
  });
});

describe('legs', () => {
  const leg = { from: 10, training: { ...whole.training, steps: 30, patience: 2 } };
  const two: ResolvedConfig = { ...whole, legs: [leg] };

  it('are the first and the further ones', () => {
    expect(legsOf(whole)).toEqual([{ from: 0, training: whole.training }]);
    expect(legsOf(two)[1]).toBe(leg);
    expect(lastLeg(two)).toBe(leg);
    expect(lastLeg(whole).from).toBe(0);
  });

  it('are walked from the one in which a state is; what another follows waits for nothing', () => {
    const patient = { ...two, training: { ...two.training, patience: 3 } };
    const [first, second] = stretchesFrom(patient, 9) as [
      { training: { patience?: number; keep?: string }; until?: number },
      unknown,
    ];
    expect(first.until).toBe(10);
    expect(first.training.patience).toBeUndefined();
    expect(first.training.keep).toBe('best');
    expect(second).toEqual({ ...leg, until: undefined });
    expect(stretchesFrom(patient, 10)).toEqual([second]);
    expect(stretchesFrom(two, 0)[0]!.training.keep).toBeUndefined();
    expect(
      stretchesFrom({ ...two, training: { ...two.training, keep: 'last', patience: 3 } }, 0)[0]!
        .training.keep,
    ).toBe('last');
  });

  it('begin with a new wait for a better state', () => {
    const waited = stateAt(10, { step: 4, waited: 3 });
    expect(begun(waited, two).best!.waited).toBe(0);
    expect(begun(stateAt(11, { waited: 3 }), two).best!.waited).toBe(3);
    expect(begun(stateAt(0, { waited: 3 }), two).best!.waited).toBe(3);
    expect(begun(stateAt(10), two)).toEqual(stateAt(10));
  });

  it('are added from where a run stands, unless nothing more is asked for', () => {
    const more = (
      steps: number,
      step: number,
      settings: readonly { key: string; value: Json }[] = [],
    ) => extended(whole, { steps, settings }, stateAt(step), 'run');
    expect(extended(whole, undefined, stateAt(10), 'run')).toBe(whole);
    expect(more(10, 10)).toBe(whole);
    const further = more(20, 10);
    expect(legsOf(further).map(({ from, training: of }) => [from, of.steps])).toEqual([
      [0, 10],
      [10, 20],
    ]);
    // What was to come after the step where it stands is replaced.
    expect(
      legsOf(extended(two, { steps: 40, settings: [] }, stateAt(10), 'run')).map(
        ({ from }) => from,
      ),
    ).toEqual([0, 10]);
    expect(
      legsOf(extended(two, { steps: 40, settings: [] }, stateAt(12), 'run')).map(
        ({ from }) => from,
      ),
    ).toEqual([0, 10, 12]);
    // Before its first step it is a run of its own.
    const fresh = extended(whole, { steps: 20, settings: [] }, undefined, 'run');
    expect([fresh.training.steps, fresh.legs]).toEqual([20, undefined]);
    const set = more(10, 5, [{ key: 'training.batchSize', value: 2 }]);
    expect(legsOf(set).map(({ training: of }) => of.batchSize)).toEqual([4, 2]);
    for (const steps of [10, 9])
      expect(() => more(steps, 10, [{ key: 'training.batchSize', value: 2 }])).toThrow(
        `run is already at step 10, and ${steps} were asked for`,
      );
    // A run that stopped early goes on to the end that it had.
    const patient = { ...whole, training: { ...whole.training, patience: 2 } };
    const early = stateAt(5, { waited: 2 });
    expect(
      legsOf(extended(patient, { steps: 10, settings: [] }, early, 'run')).map(({ from }) => from),
    ).toEqual([0, 5]);
    expect(extended(patient, { steps: 10, settings: [] }, stateAt(5, { waited: 1 }), 'run')).toBe(
      patient,
    );
  });
});

describe('the end of a run', () => {
  it('is its last step, or as many validations in vain as it has patience', () => {
    const patient = { ...whole.training, patience: 2 };
    expect(endingOf(stateAt(10), whole.training)).toBe('steps');
    expect(endingOf(stateAt(11), whole.training)).toBe('steps');
    expect(endingOf(stateAt(9), whole.training)).toBeUndefined();
    expect(endingOf(stateAt(9, { waited: 2 }), patient)).toBe('early');
    expect(endingOf(stateAt(9, { waited: 1 }), patient)).toBeUndefined();
    expect(endingOf(stateAt(9), patient)).toBeUndefined();
    expect(endingOf(stateAt(9, { waited: 99 }), whole.training)).toBeUndefined();
  });

  it('is the sum of what steps took by their rates', () => {
    const line = (step: number, rate: number, split = 'training') => ({ step, split, rate });
    expect(trainingSeconds([line(10, 5), line(10, 99, 'validation'), line(40, 10)])).toBe(2 + 3);
    expect(
      trainingSeconds([line(10, 0), line(20, 5), { step: 30, split: 'training', rate: null }]),
    ).toBe(2);
    expect(trainingSeconds([])).toBe(0);
  });
});

describe('a schedule', () => {
  const of = (steps: number, over: number) => ({
    ...whole.training,
    steps,
    primal: { kind: 'adam', learningRate: { kind: 'cosine', from: 1, steps: over } },
  });

  it('that is of other steps than the run is told of', () => {
    expect(scheduleNote(of(10, 10))).toBeUndefined();
    expect(scheduleNote({ ...whole.training })).toBeUndefined();
    expect(scheduleNote(of(10, 20))).toMatch(/still cosine over 20 steps\.$/);
    expect(scheduleNote(of(20, 10))).toMatch(
      /cosine over 10 steps, and may be near zero after them/,
    );
    // Of parts within parts.
    const nested = {
      ...of(10, 10),
      primal: { kind: 'a', inner: [{ kind: 'linear', steps: 5 }, null, 3] },
    };
    expect(scheduleNote(nested)).toContain('linear over 5 steps');
    // What has no kind is no schedule.
    expect(
      scheduleNote({ ...whole.training, primal: { kind: 'a', inner: { steps: 5 } } }),
    ).toBeUndefined();
  });
});

describe('data', () => {
  const files = fileOptions(undefined, quiet, known);

  it('are binarised where they are grey images: afresh to train on, once for all to measure on', async () => {
    const folder = { data: 'strokes', binarise: 'dynamic', condition: 'none' } as const;
    const dynamic = await chooseData(folder, files);
    expect(
      [dynamic.train, dynamic.validation, dynamic.test].map(({ config }) => config.how),
    ).toEqual(['dynamic', 'static', 'static']);
    const threshold = await chooseData({ ...folder, binarise: 'threshold' }, files);
    expect(threshold.test.config.how).toBe('threshold');
    const none = await chooseData({ ...folder, binarise: 'none' }, files);
    expect(none.train.config.kind).toBe('strokes');
    // Bits stay as they are, and so do points.
    for (const data of ['four-pixels', 'ring'])
      expect((await chooseData({ ...folder, data }, files)).train.config.kind).toBe(data);
    const onLabels = await chooseData(
      { data: 'ring', binarise: 'none', condition: 'label' },
      files,
    );
    expect([onLabels.train.conditions, onLabels.test.conditions]).toEqual([8, 8]);
    expect(isOnLabels(onLabels.test.config)).toBe(true);
    expect(isOnLabels(none.test.config)).toBe(false);
    const held = await chooseData(
      { ...folder, data: 'ring', holdOut: { validation: 7, test: 5 } },
      files,
    );
    expect([held.validation.size, held.test.size]).toEqual([7, 5]);
  });

  it('remember the folder where they were looked for, if they depend on it', () => {
    const sets = { train: ring(some), validation: ring(some), test: ring(some) };
    expect(dataConfig(sets, '/data')).not.toHaveProperty('dataDir');
    const named = fromArrays({ x: Float32Array.of(0), shape: [1] });
    const file = { ...named, config: { kind: 'file', source: 'mnist', split: 'train' } };
    expect(dataConfig({ ...sets, test: file }, '/data').dataDir).toBe('/data');
    expect(dataConfig({ ...sets, test: file }, undefined)).not.toHaveProperty('dataDir');
    vi.stubEnv('ELBO_DATA_DIR', 'c');
    expect(dataFolder('a', 'b')).toBe(resolve('a'));
    expect(dataFolder(undefined, 'b')).toBe(resolve('b'));
    expect(dataFolder(undefined)).toBe(resolve('c'));
    expect(dataFolder('', '')).toBe(resolve('c'));
    vi.stubEnv('ELBO_DATA_DIR', '');
    expect(dataFolder(undefined)).toBeUndefined();
  });

  it('say what is downloaded, and how far', () => {
    const said: string[] = [];
    const { onProgress, onNotice, dataDir } = fileOptions(
      '/d',
      { ...quiet, status: (text) => said.push(text), note: (text) => said.push(text) },
      known,
    );
    onProgress!({ dataset: 'mnist', file: 'x.gz', received: 1_500_000, total: 3_000_000 });
    onProgress!({ dataset: 'mnist', file: 'x.gz', received: 2_000_000 });
    onNotice!('careful');
    expect(said).toEqual([
      'Downloading mnist: x.gz 1.5 of 3.0 MB',
      'Downloading mnist: x.gz 2.0 MB',
      'careful',
    ]);
    expect(dataDir).toBe('/d');
  });

  it('are of the form that a run was trained on', async () => {
    const data = ring(some);
    const sets = { train: data, validation: data, test: data };
    expect(formOf(data)).toEqual({ shape: [2] });
    expectForm(sets, { shape: [2] }, 'run');
    for (const other of [{ shape: [3] }, { shape: [2], conditions: 4 }])
      expect(() => {
        expectForm(sets, other, 'run');
      }).toThrow(/run was trained on rows of the shape \[\d\].*those of ring have the shape \[2\]/);
    const drawn = drawnFrom(data);
    expect([drawn.onLabels, await drawn.read()]).toEqual([false, data]);
  });
});

const some = { size: 6 };

describe('what is known', () => {
  const recipe = { ...known.recipes[0]!, name: 'mine', registry: known.registry } as Recipe;

  it('is everything of Elbo and what a program adds', () => {
    expect(recipeNamed('vae', known).name).toBe('vae');
    expect(() => recipeNamed('mine', known)).toThrow(RequestError);
    expect(() => recipeNamed('avv', known)).toThrow(/did you mean '(avb|vae)'/);
    expect(() => recipeNamed('something-else', known)).toThrow(/Known: .*vae/);
    const wider = knownWith({ recipes: [{ ...recipe, registry: known.registry.with() }] });
    expect(wider.recipes.length).toBe(known.recipes.length + 1);
  });

  it('holds the plugins that a configuration needs, or says which are missing', async () => {
    const plugins: Known['plugins'] = [{ name: 'one', address: 'file:///one' }];
    expectPlugins(undefined, known, 'run');
    expectPlugins(['one'], { ...known, plugins }, 'run');
    expect(() => {
      expectPlugins(['one', 'two'], { ...known, plugins }, 'run');
    }).toThrow("run was made with the plugin 'two', which is code");
    expect(() => {
      expectPlugins(['one', 'two'], known, 'run');
    }).toThrow("plugins 'one' and 'two', which are code");
    await expect(withPlugins(known, ['https://example.com/x.js'])).rejects.toThrow('not a URL');
    expect(await withPlugins(known, [])).toBe(known);
  });

  it('are metrics by their names', () => {
    for (const name of ['ais', 'bdmc']) expect(isResumable(name)).toBe(true);
    expect(isResumable('elbo')).toBe(false);
    expect(metricNamed('elbo')).toBeTypeOf('function');
    expect(() => metricNamed('elob')).toThrow("did you mean 'elbo'");
    expect(() => metricNamed('toString')).toThrow(RequestError);
    const { terms } = { terms: [] };
    expect(usualMetric({ model: { terms } } as never)).toBe(metricNamed('costs'));
  });
});

describe('memory', () => {
  const room = { bytes: 1000, of: 'here' };

  it('suffices, or is said with both figures', () => {
    expectRoom('This', 1000, room, 'take less');
    expect(() => {
      expectRoom('This', 1001, room, 'take less');
    }).toThrow(/This needs about .*, and there are .* here: take less/);
    // WebAssembly addresses four gigabytes; what the machine has may be less.
    expect(roomOn('wasm').bytes).toBeLessThanOrEqual(2 ** 32);
    expect(roomOn('cpu').bytes).toBeGreaterThanOrEqual(roomOn('wasm').bytes);
  });

  it('of a picture is a quarter of a gigabyte', () => {
    expectPicture(100, [28, 28, 1], 'lower --count');
    expect(() => {
      expectPicture(1e6, [28, 28, 1], 'lower --count');
    }).toThrow(/A picture of 1000000 images needs.*lower --count/);
  });

  it('of a measurement is that of rows, samples, chains and temperatures', () => {
    const of = { model: { prior: { dim: 2 } }, sets: { test: ring(some) } } as never;
    const options = { chains: 2, temperatures: 5, seed: 0 };
    expectRoomToMeasure(of, options, 'wasm');
    for (const [more, how] of [
      [{ rows: 1e14 }, 'lower --rows'],
      [{ samples: 1e15 }, 'lower --samples or --rows'],
      [{ chains: 1e14 }, 'lower --chains'],
      [{ temperatures: 1e15 }, 'lower --temperatures'],
    ] as const)
      expect(() => {
        expectRoomToMeasure(of, { ...options, ...more }, 'wasm');
      }).toThrow(how);
  });
});

describe('a line of progress', () => {
  it('has what is known by name, two other costs, and accuracies', () => {
    expect(
      formatMetrics({
        'kl/accuracy': 0.61234,
        mmd: 0.0123,
        elbo: -98.104,
        'kl/loss': 3,
        kl: 0,
        cost: 1,
        third: 2,
        reconstruction: 0.1,
      }),
    ).toBe('ELBO -98.10 rec 0.10 KL 0.00 mmd 0.012 cost 1.00 acc 0.612');
    expect(formatMetrics({})).toBe('');
  });

  it('says how fast it goes and how long it takes, once there was a step', () => {
    expect(formatPace(20, 1300, 2)).toBe('10.0 steps/s, 2:10 left');
    expect(formatPace(1, 3723, 1)).toBe('1.0 steps/s, 1:02:03 left');
    expect(formatPace(1, 0, 1)).toBe('1.0 steps/s, 0:00 left');
    expect([formatPace(0, 10, 1), formatPace(1, 10, 0)]).toEqual(['', '']);
  });
});
