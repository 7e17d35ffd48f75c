import { disentanglementOf } from '@elbo/evaluation';
import type { Batch } from '@elbo/objectives';
import { fold, key, type Key } from '@elbo/random';
import { readBlocks } from '@elbo/training';
import { RequestError } from '../../request_error.js';
import type { RunWithData } from '../../use/load_run.js';
import type { Metric } from '../metric.js';
import { expectEncoder } from './codes.js';

const atOnce = 500;

/** How well the coordinates of codes go with what held-out rows were made from. */
export const factors: Metric = async ({ model, params, sets }, { rows = 5000, seed }) => {
  expectEncoder(model, 'factors');
  const data = sets.test;
  if (!data.factors)
    throw new RequestError(
      `--metric factors needs data with known factors, and ${data.name} has none; sprites and strokes have them.`,
    );
  const noise = fold(key(seed), 'factors');
  const count = Math.min(rows, data.size);
  const { dim } = model.prior;
  const codes = new Float32Array(count * dim);
  let at = 0;
  for await (const { batch, blockKey } of readBlocks(data, { count, size: atOnce, noise, model })) {
    codes.set(await meansOf(model, params.primal, batch, blockKey), at);
    at += batch.x.shape[0] * dim;
  }
  const made = Array.from({ length: count }, (_, row) => data.factors!(row));
  const names = namesOfVarying(made);
  const { mig, sap, disentanglement, completeness, factorVae, betaVae } = disentanglementOf(
    {
      codes: { values: codes, dim },
      factors: {
        values: Float64Array.from(made.flatMap((row) => names.map((name) => row[name]!))),
        dim: names.length,
      },
    },
    { key: noise },
  );
  return {
    metric: 'factors',
    rows: count,
    mig: mig.score,
    sap: sap.score,
    disentanglement,
    completeness,
    ...(factorVae && { factorVae: factorVae.mean, factorVaeError: factorVae.error }),
    ...(betaVae && { betaVae: betaVae.mean, betaVaeError: betaVae.error }),
    ...Object.fromEntries(names.map((name, k) => [`mig/${name}`, mig.ofFactors[k]!])),
  };
};

/** The means of q(z|x) where the encoder names them, else a draw for each row. */
async function meansOf(
  model: RunWithData['model'],
  primal: RunWithData['params']['primal'],
  batch: Batch,
  noise: Key,
): Promise<Float32Array> {
  const forward = model.forward(primal, batch, { step: 0, key: noise, training: false });
  try {
    const { posterior, z } = forward.pass;
    const named = model.encoder!.offers.includes('moments') ? posterior.mean : z;
    return (await named.data<'float32'>()).slice();
  } finally {
    forward.dispose();
  }
}

/** A factor that never varies has nothing to be told. */
function namesOfVarying(made: readonly Readonly<Record<string, number>>[]): readonly string[] {
  const first = made[0]!;
  return Object.keys(first).filter((name) => made.some((row) => row[name] !== first[name]));
}
