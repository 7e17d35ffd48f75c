import { createRegistry, type Registry } from '@elbo/core';
import {
  augmented,
  binarise,
  conditionOnLabel,
  datasetKinds,
  expectAlike,
  mostClasses,
  type Augmentation,
  type Binarisation,
  type Dataset,
  type HoldOut,
  type Sets,
} from '@elbo/datasets';
import {
  buildSets,
  loadSets,
  readsNamedFiles,
  type FileOptions,
  type Reading,
  type SetsConfig,
} from '@elbo/datasets/node';
import { resolve } from 'node:path';
import type { Host } from '../host.js';
import type { Known } from '../known.js';
import type { ResolvedConfig } from './run_config.js';

/** How `--data` is read. */
export interface DataChoice {
  /** A name of the catalogue, or a path. */
  readonly data: string;
  readonly dataDir?: string | undefined;
  /** How files are read, where their format leaves a choice. */
  readonly reading?: Reading | undefined;
  /** How images to train on are varied at every read; not at all by default. */
  readonly augment?: readonly Augmentation[] | undefined;
  /** What is made of grey images; those in colour stay as they are. */
  readonly binarise: Binarisation | 'none';
  /** What models are conditioned on. */
  readonly condition: 'label' | 'none';
  /** How many training rows are held out; as the data need by default. */
  readonly holdOut?: HoldOut | undefined;
}

/** How datasets are found: files, and what has a name here. */
export interface Sources extends FileOptions {
  readonly registry: Registry;
}

/** Where files are looked up, how a download shows, and what datasets are known. */
export function fileOptions(
  dataDir: string | undefined,
  host: Host,
  { registry, datasets }: Known,
): Sources {
  return {
    registry: createRegistry(...datasetKinds, ...registry.kinds),
    named: datasets,
    ...(dataDir !== undefined && { dataDir }),
    onNotice: (message) => {
      host.note(message);
    },
    onStatus: (message) => {
      host.status(message);
    },
    ...(host.signal && { signal: host.signal }),
    onProgress: ({ dataset, file, received, total }) => {
      host.status(
        `Downloading ${dataset}: ${file} ${(received / 1e6).toFixed(1)}${total ? ` of ${(total / 1e6).toFixed(1)}` : ''} MB`,
      );
    },
  };
}

/**
 * Where files that have names are looked for first: where a command line says, else where the run remembers that they were,
 * else where the environment says. Absolute, as it is remembered.
 */
export function dataFolder(given: string | undefined, remembered?: string): string | undefined {
  const folder = [given, remembered, process.env.ELBO_DATA_DIR].find((each) => each);
  return folder === undefined ? undefined : resolve(folder);
}

/**
 * The sets of a choice. Grey images are binarised: afresh at every read to train on, once and for all to validate and test
 * on, so that figures compare. What the data are, such as how many classes there are, all sets say together.
 */
export async function chooseData(choice: DataChoice, files: Sources): Promise<Sets> {
  const { data, holdOut, condition, reading, augment } = choice;
  const found = await loadSets(data, {
    ...files,
    ...(holdOut && { holdOut }),
    ...(reading && { reading }),
  });
  expectAlike(found);
  const classes = mostClasses(found);
  const dressed = (set: Dataset, how: DataChoice['binarise']): Dataset => {
    const grey = !set.binary && how !== 'none' && set.shape.length === 3 && set.shape[2] === 1;
    const values = grey ? binarise(set, how) : set;
    return condition === 'label' ? conditionOnLabel(values, classes) : values;
  };
  const held = choice.binarise === 'dynamic' ? 'static' : choice.binarise;
  return {
    train: dressed(augment ? augmented(found.train, augment) : found.train, choice.binarise),
    validation: dressed(found.validation, held),
    test: dressed(found.test, held),
  };
}

/** The sets that a config describes. */
export async function configuredData(data: SetsConfig, files: Sources): Promise<Sets> {
  const sets = await buildSets(data, files);
  expectAlike(sets);
  return sets;
}

/** The configs of sets, and the folder where they were looked for, if they depend on it. */
export function dataConfig(
  { train, validation, test }: Sets,
  dataDir: string | undefined,
): Pick<ResolvedConfig, 'data' | 'dataDir'> {
  const data = { train: train.config, validation: validation.config, test: test.config };
  const named = dataDir !== undefined && Object.values(data).some(readsNamedFiles);
  return { data, ...(named && { dataDir }) };
}
