// Models trained on images, which a kill does not lose.
import { key } from '@elbo/random';
import { fileStore } from '@elbo/files';
import { toBatch } from '@elbo/training';
import { dispose } from '@tensorflow/tfjs-core';
import { join } from 'node:path';
import { fingerprint } from '../four-pixels/settings.mjs';
import { trained } from '../four-pixels/trained.mjs';

/** Steps between checkpoints. */
const every = 500;

/** Trains a model into a folder of `out` that is named after it and its settings, or goes on with it. */
export async function kept(name, { model, data, training }, { seed, out, log, signal }) {
  const settings = { model, training: { ...training, data: data.config } };
  const folder = join(out, `${name}-${seed}-${fingerprint(settings)}`);
  const onReport = ({ step, rate }) =>
    log(`${name}, seed ${seed}: step ${step}, ${rate.toFixed(1)}/s`);
  const how = { data, every, seed, store: fileStore(folder), onReport, signal };
  return { ...(await trained({ model, training }, how)), folder };
}

/** Codes of a dataset's first rows, `[count, Z]` flattened, and these rows' labels. */
export async function codesOf(model, { primal }, data, count) {
  const read = await data.read(
    Uint32Array.from({ length: count }, (_, i) => i),
    key(0),
  );
  const batch = toBatch(read, data.shape, data.name);
  const z = model.encode(primal, batch, key(1));
  const codes = await z.data();
  dispose([z, ...Object.values(batch)]);
  return { codes, labels: read.label };
}
