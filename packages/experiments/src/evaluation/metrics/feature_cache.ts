import {
  decodeSafetensors,
  disposeTree,
  encodeSafetensors,
  FileError,
  flatten,
  messageOf,
  unflatten,
  type HostTensor,
  type Json,
  type Params,
} from '@elbo/core';
import { batches, type Dataset } from '@elbo/datasets';
import { cacheFolder } from '@elbo/datasets/node';
import { featureNetwork, trainFeatures, type FeatureNetwork } from '@elbo/evaluation';
import { fileStore } from '@elbo/files';
import { key } from '@elbo/random';
import { toBatch } from '@elbo/training';
import { tensor } from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Host } from '../../host.js';
import { ownVersion } from '../../versions.js';

/** A trained feature network. */
export interface Features {
  readonly network: FeatureNetwork;
  /** The caller's. */
  readonly params: Params;
  /** Says which network it is: figures by different ones do not compare. */
  readonly digest: string;
}

const training = { steps: 500, batchSize: 64, seed: 0 };

/**
 * The feature network of a dataset: from the cache folder, so that all runs on these data are measured by one, else
 * trained and kept there. A file that is broken is made anew.
 */
export async function featuresFor(data: Dataset, host: Host): Promise<Features> {
  const network = featureNetwork(data);
  const question = JSON.stringify({
    version: ownVersion,
    data: data.config,
    training,
  } satisfies Json);
  const digest = createHash('sha256').update(question).digest('hex').slice(0, 12);
  const store = fileStore(join(cacheFolder(), 'features'));
  const name = `${digest}.safetensors`;
  if ((await store.list()).includes(name)) {
    try {
      const bytes = await store.read(name);
      return { network, digest, params: decoded(bytes, network, question, name) };
    } catch (error) {
      host.note(`The cached features are damaged, so they are trained again. ${messageOf(error)}`);
    }
  }
  const params = await learned(network, data, host);
  try {
    await store.write(name, await encoded(params, question));
  } catch (error) {
    host.note(`The features could not be cached for next time. ${messageOf(error)}`);
  }
  return { network, digest, params };
}

async function learned(network: FeatureNetwork, data: Dataset, host: Host): Promise<Params> {
  host.note(
    network.learns === 'classes'
      ? 'Training a small classifier of these data for their features; this is done once ...'
      : 'Training a small autoencoder of these data, which have no labels, for their features; this is done once ...',
  );
  const stream = batches(data, training);
  const bar = host.progress(training.steps);
  try {
    return await trainFeatures(
      network,
      async (step) => {
        const { rows, key: noise } = stream.at(step);
        return toBatch(await data.read(rows, noise), data.shape, data.name);
      },
      {
        key: key(training.seed),
        steps: training.steps,
        onProgress: (share) => {
          bar.update(Math.round(share * training.steps), 'steps');
        },
      },
    );
  } finally {
    bar.stop();
  }
}

async function encoded(params: Params, question: string): Promise<Uint8Array> {
  const tensors = new Map<string, HostTensor>();
  for (const { path, tensor: leaf } of flatten(params))
    tensors.set(path, { shape: leaf.shape, values: await leaf.data<'float32'>() });
  return encodeSafetensors({ tensors, metadata: { format: 'elbo-features', question } });
}

/** @throws FileError when the bytes are broken, or hold another network. */
function decoded(
  bytes: Uint8Array,
  network: FeatureNetwork,
  question: string,
  where: string,
): Params {
  const { tensors, metadata } = decodeSafetensors(bytes, where);
  const like = network.init(key(0));
  try {
    const wanted = flatten(like);
    const fits =
      metadata.question === question &&
      wanted.length === tensors.size &&
      wanted.every(
        ({ path, tensor: { shape } }) => String(tensors.get(path)?.shape) === String(shape),
      );
    if (!fits) throw new FileError(`${where} holds a different network.`);
    return unflatten(
      like,
      wanted.map(({ path, tensor: { shape } }) => tensor(tensors.get(path)!.values, shape)),
    );
  } finally {
    disposeTree(like);
  }
}
