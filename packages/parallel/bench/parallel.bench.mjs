import { selectBackend } from '@elbo/backends';
import { binarise, strokes } from '@elbo/datasets';
import { adam } from '@elbo/optimisers';
import { startWorkers } from '@elbo/parallel';
import { train } from '@elbo/training';
import { vaeRecipe } from '@elbo/vae';
import { median } from '@elbo/testing/median';

export const name = 'parallel';

const WORKERS = [1, 2];
const BATCHES = [128, 512];
const ROUNDS = 9;
/** Steps timed at a time: long enough to be warm, short enough to take turns on a busy machine. */
const STEPS = 10;

const data = binarise(strokes({ size: 2000 }), 'dynamic');

/** Milliseconds a step of a VAE of 784-400-20 by so many workers, for each of them; they take turns. */
async function time(batchSize) {
  const size = { steps: 1e6, batchSize };
  const options = { latent: 20, hidden: [400] };
  const { model } = vaeRecipe.build({ shape: data.shape, unit: true }, options, size);
  const runs = [];
  for (const workers of WORKERS) {
    const plugins = [import.meta.resolve('@elbo/vae')];
    const started = await startWorkers(model, data, { workers, plugins });
    const { gradients } = started;
    const run = train(model, data, {
      ...size,
      seed: 1,
      primal: adam(1e-3),
      every: STEPS,
      gradients,
    });
    runs.push({ workers, started, run, reports: run[Symbol.asyncIterator](), times: [] });
  }
  for (let round = -2; round < ROUNDS; round++) {
    for (const { reports, times } of runs) {
      const start = performance.now();
      await reports.next();
      if (round >= 0) times.push((performance.now() - start) / STEPS);
    }
  }
  for (const { run, started } of runs) {
    run.dispose();
    await started.close();
  }
  return runs.map(({ workers, times }) => ({ workers, milliseconds: median(times) }));
}

export async function run() {
  // What workers gain is measured against one thread, and each of them has one.
  await selectBackend({ backend: 'wasm', threads: 1 });
  const rows = [];
  for (const batchSize of BATCHES) {
    const [alone, ...shared] = await time(batchSize);
    for (const { workers, milliseconds } of [alone, ...shared])
      rows.push({ batchSize, workers, milliseconds, speedup: alone.milliseconds / milliseconds });
  }
  return { rows };
}
