// Binarised MNIST: what a posterior, a bound and a discriminator are worth in log-likelihood.
//   npm run reproduce -- likelihood [--models vae,avb-anchored] [--latents 8,32] [--steps 8000] [--rows 1000] [--data-dir FOLDER] [--seeds 0,1,2,3,4] [--json]
import { fileStore } from '@elbo/files';
import type { Dataset } from '@elbo/datasets';
import { key } from '@elbo/random';
import { grid } from '@elbo/report';
import { binaryMnist } from '../../common/binary_mnist.js';
import type { Rows } from '../../common/kept_rows.js';
import { UsageError } from '../../runner/command_line.js';
import type { Context, Study } from '../../runner/study.js';
import { withTrained, type Trained } from '../../runner/trained.js';
import { measured } from './measured.js';
import { moved, settings } from './models.js';
import { resultOf, titleOf, type Result, type Run } from './result.js';
import { fileOf, page, shown } from './table.js';

/** A PNG of samples. */
async function samplesOf({ model, params }: Trained): Promise<Uint8Array> {
  const made = model.sample(params.primal, key(2), shown);
  const options = { count: shown, shape: made.shape.slice(1), columns: 20, scale: 1 };
  const picture = grid(await made.data<'float32'>(), options);
  made.dispose();
  return picture;
}

/** What is trained, and what it is measured on. */
interface Chosen {
  readonly name: string;
  readonly latent: number;
  readonly seed: number;
  readonly steps: number;
  readonly train: Dataset;
  readonly held: Dataset;
  readonly rows: number;
}

/** Trains one model and measures it. */
function found(
  { name, latent, seed, steps, train, held, rows }: Chosen,
  context: Context,
): Promise<{ readonly run: Run; readonly rows: Rows; readonly picture: Uint8Array }> {
  const make = settings[name];
  if (!make)
    throw new UsageError(`No model '${name}': there are ${Object.keys(settings).join(', ')}.`);
  const method = titleOf(name, latent);
  const setting = make(latent, { train, steps, seed });
  return withTrained(method, setting, { ...context, seed }, async (trained) => {
    const { model, params, seconds, coreSeconds, folder } = trained;
    const { own, between, logLikelihood, effective, samplingError, spent } = await measured(
      model,
      params,
      held,
      {
        store: fileStore(`${folder}-measured`),
        rows,
        moved: moved.includes(name),
        log: (what) => {
          context.log(`${method}, seed ${seed}: ${what}`);
        },
        signal: context.signal,
      },
    );
    return {
      run: {
        name,
        latent,
        seed,
        steps: trained.steps,
        training: { seconds, coreSeconds },
        measuring: spent,
        samplingError,
      },
      rows: { method, seed, values: { own, ...between, logLikelihood, effective } },
      picture: await samplesOf(trained),
    };
  });
}

const flags: Readonly<Record<'models' | 'latents' | 'steps' | 'rows', string>> & {
  readonly 'data-dir': string | undefined;
} = {
  models: Object.keys(settings).join(','),
  latents: '8,32',
  steps: '8000',
  rows: '1000',
  'data-dir': undefined,
};

export const likelihood: Study<Result, typeof flags> = {
  summary: 'VAE, IWAE, flow and AVB on binarised MNIST: ELBO and log p(x), by seed and row',
  seeds: [0, 1, 2, 3, 4],
  flags,
  methods: 'models',

  async run({ seeds, values, ...context }) {
    const { train, held } = await binaryMnist(values['data-dir']);
    const [steps, count] = [Number(values.steps), Number(values.rows)];
    const runs: Run[] = [];
    const rows: Rows[] = [];
    const pictures: Record<string, Uint8Array> = {};
    for (const latent of values.latents.split(',').map(Number))
      for (const name of values.models.split(','))
        for (const seed of seeds) {
          const chosen = { name, latent, seed, steps, train, held, rows: count };
          const one = await found(chosen, context);
          runs.push(one.run);
          rows.push(one.rows);
          pictures[fileOf(name, latent)] ??= one.picture;
        }
    const result = resultOf({ runs, trainedOn: train.size, rows: count }, rows);
    // Nothing is required of which method is better: that is what is asked.
    return { result, rows, pictures, holds: true };
  },

  page,
};
