import { avbRecipe } from '@elbo/avb';
import { selectBackend } from '@elbo/backends';
import { flatten, mapTree, tensorAt } from '@elbo/core';
import { binarise, strokes, type Dataset } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { startWorkers, type Workers } from '@elbo/parallel';
import {
  localGradients,
  train,
  type GradientSource,
  type MoveGradients,
  type Report,
  type Run,
  type State,
  type TrainOptions,
} from '@elbo/training';
import { vaeRecipe } from '@elbo/vae';
import { add, type Scalar } from '@tensorflow/tfjs-core';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export { train };

await selectBackend({ backend: 'wasm' });

/** The module that workers rebuild models and data with. */
export const plugin: string = fileURLToPath(new URL('./plugin.mjs', import.meta.url));

/** Grey digits made black or white at every read, so that reading takes noise. */
export const digits: Dataset = binarise(strokes({ size: 40 }), 'dynamic');

const traits = { shape: digits.shape, unit: true };
const size = { steps: 10, batchSize: 5 };

export const models: Readonly<Record<'vae' | 'plain' | 'adaptive' | 'anchored', Model>> = {
  vae: vaeRecipe.build(traits, { latent: 3, hidden: [8] }, size).model,
  ...avbOf('plain'),
  ...avbOf('adaptive'),
  ...avbOf('anchored'),
};

function avbOf<Name extends string>(contrast: Name): Record<Name, Model> {
  const { model } = avbRecipe.build(
    traits,
    { contrast, latent: 2, hidden: [8], noise: 3, features: 6 },
    size,
  );
  return { [contrast]: model } as Record<Name, Model>;
}

/** Minibatches of 5, which two workers share as 2 and 3. */
export const options: TrainOptions = {
  steps: 6,
  batchSize: 5,
  seed: 4,
  primal: adam(1e-2),
  dual: adam(1e-2),
  dualSteps: 2,
  every: 2,
};

const started: Workers[] = [];
afterAll(async () => {
  await Promise.all(started.map((workers) => workers.close()));
});

/** Two workers, which do not outlive the tests. */
export async function two(model: Model, data: Dataset = digits): Promise<Workers> {
  const workers = await startWorkers(model, data, { workers: 2, plugins: [plugin] });
  started.push(workers);
  return workers;
}

/** What two workers compute, by one thread: the sums of the parts' shares, in their order. */
export function partsInTurn(model: Model, data: Dataset = digits): GradientSource {
  const first = localGradients(model, data, (of) => ({ first: 0, count: of >> 1, of }));
  const second = localGradients(model, data, (of) => ({
    first: of >> 1,
    count: of - (of >> 1),
    of,
  }));
  return {
    model,
    data,
    open: async (draw) => {
      const opened = [await first.open(draw), await second.open(draw)] as const;
      return {
        differentiate: async (...given) => {
          const a = await opened[0].differentiate(...given);
          return sumOf(a, await opened[1].differentiate(...given));
        },
        dispose: () => {
          for (const batch of opened) batch.dispose();
        },
      };
    },
  };
}

function sumOf(a: MoveGradients, b: MoveGradients): MoveGradients {
  const of = (player: 'primal' | 'dual') =>
    a[player] && {
      [player]: {
        unreached: a[player].unreached,
        gradients: mapTree(a[player].gradients, (tensor, path) =>
          add(tensor, tensorAt(b[player]!.gradients, path)),
        ),
      },
    };
  const measured = Object.entries(a.measured).map(
    ([name, value]) => [name, add<Scalar>(value, b.measured[name]!)] as const,
  );
  return { ...of('primal'), ...of('dual'), measured: Object.fromEntries(measured) };
}

/** Runs to the end. */
export async function all(run: Run): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for await (const report of run) reports.push({ ...report, rate: 0 });
  return reports;
}

type Numbers = Readonly<Record<string, readonly number[]>>;

/** Every number of a state, by path. */
async function numbersOf({ params, optimiser }: State): Promise<Numbers> {
  const leaves = flatten({ ...params, first: optimiser.primal, second: optimiser.dual });
  const read = leaves.map(async ({ path, tensor }) => [path, [...(await tensor.data())]] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** The numbers and the reports of a run, which is then over. */
export async function outcome(
  model: Model,
  how: Partial<TrainOptions> = {},
  data: Dataset = digits,
): Promise<{ readonly numbers: Numbers; readonly reports: readonly Report[] }> {
  const run = train(model, data, { ...options, ...how });
  try {
    const reports = await all(run);
    return { numbers: await numbersOf(run.state), reports };
  } finally {
    run.dispose();
  }
}
