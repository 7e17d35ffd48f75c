import type { Config, Registry } from '@elbo/core';
import {
  binarise,
  conditionOnLabel,
  datasetKinds,
  type Binarisation,
  type Dataset,
} from '@elbo/datasets';
import { buildDataset, loadDataset, type FileOptions } from '@elbo/datasets/node';
import type { Output } from './output.js';
import type { Known } from './known.js';

/** How `--data` is read. */
export interface DataChoice {
  /** A name of the catalogue, or a path. */
  readonly data: string;
  readonly dataDir?: string | undefined;
  /** What is made of grey images. */
  readonly binarise: Binarisation | 'none';
  /** What models are conditioned on. */
  readonly condition: 'label' | 'none';
}

/** The sets of a run. */
export interface Sets {
  readonly train: Dataset;
  /** Held out: the test rows. */
  readonly validation: Dataset;
}

/** How datasets are found: files, and what has a name here. */
export interface Sources extends FileOptions {
  readonly registry: Registry;
}

/** Where files are looked up, how a download shows, and what datasets are known. */
export function fileOptions(
  dataDir: string | undefined,
  output: Output,
  { registry, datasets }: Known,
): Sources {
  return {
    registry: registry.with(...datasetKinds),
    named: datasets,
    ...(dataDir !== undefined && { dataDir }),
    onNotice: (message) => {
      output.note(message);
    },
    onProgress: ({ dataset, file, received, total }) => {
      output.transient(
        `Downloading ${dataset}: ${file} ${(received / 1e6).toFixed(1)}${total ? ` of ${(total / 1e6).toFixed(1)}` : ''} MB`,
      );
    },
  };
}

/**
 * The sets of a choice. Grey images are binarised: afresh at every read to train on, once and for all to validate on, so
 * that validations compare.
 */
export async function chooseData(choice: DataChoice, files: Sources): Promise<Sets> {
  const set = async (split: 'train' | 'test', how: DataChoice['binarise']): Promise<Dataset> => {
    const data = await loadDataset(choice.data, { ...files, split });
    const grey = !data.binary && how !== 'none' && data.shape.length === 3;
    const values = grey ? binarise(data, how) : data;
    return choice.condition === 'label' ? conditionOnLabel(values) : values;
  };
  const held = choice.binarise === 'dynamic' ? 'static' : choice.binarise;
  return { train: await set('train', choice.binarise), validation: await set('test', held) };
}

/** The sets that a config describes. */
export async function configuredData(
  data: { readonly train: Config; readonly validation: Config },
  files: Sources,
): Promise<Sets> {
  const build = (config: Config): Promise<Dataset> => buildDataset(config, files);
  return { train: await build(data.train), validation: await build(data.validation) };
}
