import {
  decodeSafetensors,
  encodeSafetensors,
  parseJson,
  type Config,
  type Json,
  type Store,
} from '@elbo/core';
import {
  datasetCategory,
  datasetKinds,
  parseIdx,
  parseNpy,
  parseNpz,
  readIdx,
} from '@elbo/datasets';
import { loadDataset, readImage } from '@elbo/datasets/node';
import { loadModel, recipes, standard } from '@elbo/models';
import { modelCategory } from '@elbo/objectives';
import {
  readEvaluations,
  readMetrics,
  readNotes,
  rebuildReport,
  type RunDirectory,
} from '@elbo/runs';
import { decodeCheckpoint, memoryStore, parseTrainingConfig } from '@elbo/training';
import { key } from '@elbo/random';
import { zipSync } from 'fflate';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseGivenConfig, parseRunConfig } from '../../src/config/run_config.js';
import { stateIn } from '../../src/evaluation/metrics/annealing_state.js';
import { jpegs, mutatePng, pngs } from './image_seeds.js';
import { mutateBytes, mutateText, type Pick } from './mutate.js';

/** Something that reads what comes from outside. */
export interface Reader {
  readonly name: string;
  /** Whole inputs, from which others are made. */
  readonly seeds: readonly Uint8Array[];
  readonly mutate: (pick: Pick, bytes: Uint8Array, other: Uint8Array) => Uint8Array;
  /** Its share of all inputs. */
  readonly share: number;
  /** @throws ElboError, and nothing else, for what it refuses. */
  read(bytes: Uint8Array): unknown;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const json = (value: unknown): Uint8Array => text(JSON.stringify(value));

function idxOf(...shape: readonly number[]): Uint8Array {
  const size = shape.reduce((a, b) => a * b, 1);
  const bytes = new Uint8Array(4 + 4 * shape.length + size).fill(7);
  bytes.set([0, 0, 8, shape.length]);
  shape.forEach((n, i) => {
    new DataView(bytes.buffer).setUint32(4 + 4 * i, n);
  });
  return bytes;
}

const header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n";
const numpy = new Uint8Array([
  ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0],
  ...text(header),
  ...new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer),
]);

const arrays = [idxOf(5), idxOf(2, 3, 4), idxOf(2, 2, 2, 3)];

const tensors = new Map([
  ['params/encoder/dense_0/kernel', { shape: [2, 3], values: new Float32Array(6).fill(0.5) }],
  ['params/encoder/dense_0/bias', { shape: [3], values: new Float32Array(3) }],
  ['empty', { shape: [0], values: new Float32Array(0) }],
]);
const best = { metric: 'elbo', value: -1, step: 3, waited: 1, validated: 5 };
const checkpoint = encodeSafetensors({
  tensors,
  metadata: {
    format: 'elbo-checkpoint',
    version: '1',
    step: '5',
    seed: '7',
    best: JSON.stringify(best),
    config: JSON.stringify({ model: { kind: 'vae' } }),
  },
});
/** A model of two pixels, whose weights are few. */
const modelFile = encodeSafetensors({
  tensors: new Map([
    ['decoder/trunk/dense_0/kernel', { shape: [1, 2], values: new Float32Array(2) }],
    ['decoder/trunk/dense_0/bias', { shape: [2], values: new Float32Array(2) }],
    ['decoder/head/kernel', { shape: [2, 2], values: new Float32Array(4) }],
    ['decoder/head/bias', { shape: [2], values: new Float32Array(2) }],
  ]),
  metadata: {
    format: 'elbo-model',
    version: '1',
    config: JSON.stringify({
      kind: 'generator',
      prior: { kind: 'standard-normal', dim: 1 },
      decoder: { kind: 'bernoulli', network: { kind: 'mlp', hidden: [2] }, shape: [2] },
    }),
    data: JSON.stringify({ shape: [2] }),
    parts: JSON.stringify(['decoder']),
  },
});
const plain = encodeSafetensors({ tensors, metadata: {} });

const network = { kind: 'mlp', hidden: [8], activation: 'relu' };
const model = {
  kind: 'vae',
  prior: { kind: 'standard-normal', dim: 2 },
  encoder: { kind: 'gaussian', network, latent: 2 },
  decoder: { kind: 'bernoulli', network, shape: [4, 4, 1] },
};
const data = { kind: 'take', data: { kind: 'four-pixels' }, n: 4 };
const training = {
  steps: 10,
  batchSize: 2,
  seed: 1,
  primal: { kind: 'adam', learningRate: 0.001 },
};
const config = {
  format: 2,
  model,
  data: { train: data, validation: data, test: data },
  rows: { shape: [4], conditions: 3 },
  training,
  legs: [{ from: 5, training: { ...training, steps: 20 } }],
  backend: 'auto',
  workers: 1,
};

const metrics = text(
  [1, 2, 3]
    .flatMap((step) =>
      ['training', 'validation'].map((split) => ({ step, split, elbo: -step, 'kl/accuracy': 0.5 })),
    )
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(''),
);
const evaluations = {
  version: 1,
  evaluations: [
    {
      metric: 'nll',
      title: 'NLL',
      options: { rows: 2, seed: 0 },
      step: 3,
      rows: 2,
      seconds: 1,
      backend: 'cpu',
      versions: { elbo: '1' },
      figures: [
        { name: 'nll', label: 'NLL', value: 3.5, error: 0.1, unit: 'nats', note: 'a note' },
      ],
      perRow: { name: 'nll', values: [1, 2] },
    },
  ],
};
const notes = {
  title: 'VAE',
  status: 'finished',
  command: 'elbo train vae',
  headline: [{ label: 'ELBO', value: -3, unit: 'nats', note: 'step 3' }],
  images: [{ title: 'Samples', caption: 'Means', file: 'samples.png' }],
  latent: 'latent.svg',
  warnings: ['one'],
  diagnostics: [{ label: 'ESS', value: 3, note: 'few' }],
  provenance: {
    seed: 1,
    steps: 3,
    seconds: 1,
    backend: 'cpu',
    versions: { elbo: '1' },
    parameters: { encoder: 5 },
  },
};
const question = { step: 3, rows: 2, chains: 2, temperatures: 4, seed: 0 };
const walked = [1, 2, 3, 4];
const annealing = {
  question,
  state: {
    plan: { rows: 2, chains: 2, temperatures: 4, leapfrogs: 1, chunk: 10 },
    begin: 0,
    leg: 1,
    chains: {
      passed: 2,
      z: [...walked, ...walked],
      start: walked,
      ratio: walked,
      logWeights: walked,
      acceptance: walked,
    },
    stepSizes: [[0.1, 0.2]],
    found: { forward: [{ logMean: -1, effectiveChains: 2, acceptance: 0.5 }] },
  },
};

const kept = async (name: string, bytes: Uint8Array): Promise<Store> => {
  const files = memoryStore();
  await files.write(name, bytes);
  return files;
};

/** Every reader of what comes from outside; `folder` is for files. */
export function readersIn(folder: string): readonly Reader[] {
  const run = (files: Store): RunDirectory => ({
    dir: folder,
    config: {},
    files,
    checkpoints: files,
  });
  const registry = standard.with(...datasetKinds);
  return [
    {
      name: 'IDX',
      seeds: arrays,
      mutate: mutateBytes,
      share: 15,
      read: (bytes) => parseIdx(bytes, 'it'),
    },
    {
      name: 'gzip',
      seeds: arrays.map((bytes) => new Uint8Array(gzipSync(bytes))),
      mutate: mutateBytes,
      share: 5,
      read: (bytes) => readIdx(bytes, 'it'),
    },
    {
      name: 'NumPy',
      seeds: [numpy],
      mutate: mutateBytes,
      share: 10,
      read: (bytes) => parseNpy(bytes, 'it'),
    },
    {
      name: 'NumPy’s archives',
      seeds: [
        zipSync({ 'x.npy': numpy, 'y.npy': numpy }),
        zipSync({ 'x.npy': [numpy, { level: 0 }] }),
      ],
      mutate: mutateBytes,
      share: 5,
      read: (bytes) => parseNpz(bytes, 'it'),
    },
    ...(
      [
        ['csv', 'size;kind;gap\n1,5;x;\n-2;"y;z";3\n2;x;4\n'],
        ['tsv', 'size\tkind\n1.5\tx\n-2\ty\n2\tx\n'],
        ['jsonl', '{"size":1.5,"kind":"x"}\n{"kind":null,"size":-2}\n{"kind":"y"}\n'],
        ['txt', 'ada\nbob\n\nzoë\n'],
        ['smi', 'CCl\tname\n[13CH4]\nBrC%12CC%12\n'],
      ] as const
    ).map(([ending, content]): Reader => ({
      name: `own data: ${ending}`,
      seeds: [text(content)],
      mutate: mutateText,
      share: 2,
      read: async (bytes) => {
        const path = join(folder, `own.${ending}`);
        await writeFile(path, bytes);
        const set = await loadDataset(path);
        return set.read(Uint32Array.of(set.size - 1), key(0));
      },
    })),
    {
      name: 'PNG',
      seeds: pngs,
      mutate: mutatePng,
      share: 10,
      read: (bytes) => readImage(bytes, { size: [8, 6], crop: 'centre', grey: false }),
    },
    {
      name: 'JPEG',
      seeds: jpegs,
      mutate: mutateBytes,
      share: 10,
      read: (bytes) => readImage(bytes, { size: [16, 12], crop: 'pad', grey: false }),
    },
    {
      name: 'zip of images',
      seeds: [
        zipSync({ 'a/1.png': pngs[0]!, 'b/2.png': [pngs[1]!, { level: 0 }], 'b/3.jpg': jpegs[0]! }),
      ],
      mutate: mutateBytes,
      share: 2,
      read: async (bytes) => {
        await writeFile(join(folder, 'it.zip'), bytes);
        return loadDataset(join(folder, 'it.zip'), { reading: { size: [4, 4] } });
      },
    },
    {
      name: 'safetensors',
      seeds: [plain, checkpoint],
      mutate: mutateBytes,
      share: 20,
      read: (bytes) => decodeSafetensors(bytes, 'it'),
    },
    {
      name: 'checkpoint',
      seeds: [checkpoint],
      mutate: (pick, bytes, other) => {
        if (pick(3) === 0) return mutateBytes(pick, bytes, other);
        const { metadata } = decodeSafetensors(bytes, 'it');
        const made = mutateText(pick, json(metadata), json(config));
        let changed: Json = null;
        try {
          changed = JSON.parse(new TextDecoder().decode(made)) as Json;
        } catch {
          // Then it holds none.
        }
        return encodeSafetensors({ tensors, metadata: changed as never });
      },
      share: 10,
      read: (bytes) => decodeCheckpoint(bytes, 'it'),
    },
    {
      name: 'model file',
      seeds: [modelFile],
      mutate: (pick, bytes, other) => {
        if (pick(3) === 0) return mutateBytes(pick, bytes, other);
        const { tensors: its, metadata } = decodeSafetensors(bytes, 'it');
        const entries = Object.entries(metadata);
        const [name, value] = entries[pick(entries.length)]!;
        const made = new TextDecoder().decode(mutateText(pick, text(value), json(config)));
        return encodeSafetensors({ tensors: its, metadata: { ...metadata, [name]: made } });
      },
      share: 5,
      read: async (bytes) => {
        (await loadModel(bytes, standard)).dispose();
      },
    },
    {
      name: 'configuration',
      seeds: [json(config)],
      mutate: mutateText,
      share: 15,
      read: (bytes) => {
        const value = parseJson(bytes, 'it');
        parseGivenConfig(value, 'it');
        return parseRunConfig(value, 'it');
      },
    },
    {
      name: 'training options',
      seeds: [json(training)],
      mutate: mutateText,
      share: 5,
      read: (bytes) => parseTrainingConfig(parseJson(bytes, 'it')),
    },
    {
      name: 'registry',
      // Every family, as its recipe makes it.
      seeds: recipes.map(({ build }) =>
        json(
          build({ shape: [8, 8, 1], unit: true, classes: 3 }, {}, { steps: 10, batchSize: 4 }).model
            .config,
        ),
      ),
      mutate: mutateText,
      share: 10,
      read: (bytes) => standard.build(modelCategory, parseJson(bytes, 'it') as Config),
    },
    {
      name: 'datasets',
      seeds: [
        json(data),
        json({
          kind: 'condition-on-label',
          data: { kind: 'ring', modes: 3, radius: 1, sd: 0.1, size: 9, seed: 1, split: 'train' },
        }),
      ],
      mutate: mutateText,
      share: 5,
      read: (bytes) => registry.build(datasetCategory, parseJson(bytes, 'it') as Config),
    },
    {
      name: 'metrics',
      seeds: [metrics],
      mutate: mutateText,
      share: 5,
      read: async (bytes) => {
        await writeFile(join(folder, 'metrics.jsonl'), bytes);
        return readMetrics(folder);
      },
    },
    {
      name: 'evaluations',
      seeds: [json(evaluations)],
      mutate: mutateText,
      share: 4,
      read: async (bytes) => readEvaluations(run(await kept('evaluations.json', bytes))),
    },
    {
      name: 'notes',
      seeds: [json(notes)],
      mutate: mutateText,
      share: 3,
      read: async (bytes) => readNotes(run(await kept('report.json', bytes))),
    },
    {
      name: 'annealing in progress',
      seeds: [json(annealing)],
      mutate: mutateText,
      share: 2,
      read: async (bytes) =>
        stateIn(await kept('ais.json', bytes), 'ais.json', {
          question,
          latents: 2,
          note: () => undefined,
        }),
    },
    {
      // A whole run of strangers: each line is one of its files.
      name: 'report',
      seeds: [text([notes, evaluations, config].map((file) => JSON.stringify(file)).join('\n'))],
      mutate: mutateText,
      share: 1,
      read: async (bytes) => {
        const [its = '', evaluated = '', configured = ''] = new TextDecoder()
          .decode(bytes)
          .split('\n');
        await writeFile(join(folder, 'metrics.jsonl'), metrics);
        const files = await kept('report.json', text(its));
        await files.write('evaluations.json', text(evaluated));
        await files.write('samples.png', text(configured));
        await files.write('latent.svg', text(configured));
        return rebuildReport({ ...run(files), config: parseJson(configured, 'it') as never });
      },
    },
  ];
}
