// Binarised MNIST: what a posterior, a bound and a discriminator are worth in log-likelihood.
//   npm run reproduce -- likelihood [--models vae,avb-anchored] [--latents 8,32] [--steps 8000] [--data-dir FOLDER] [--seeds 0] [--json]
import { fileStore } from '@elbo/files';
import type { Dataset } from '@elbo/datasets';
import { key } from '@elbo/random';
import { grid } from '@elbo/report';
import { binaryMnist } from '../../common/binary_mnist.js';
import { UsageError } from '../../runner/command_line.js';
import type { Context, Study } from '../../runner/study.js';
import { withTrained, type Trained } from '../../runner/trained.js';
import { comparisons, type Result as Found } from './comparisons.js';
import { kept, type OfLatent } from './kept.js';
import { measured } from './measured.js';
import { comparedBy, settings, split } from './models.js';
import { fileOf, page, shown, type Checked, type Result } from './table.js';

/** A PNG of samples. */
async function samplesOf({ model, params }: Trained): Promise<Uint8Array> {
  const made = model.sample(params.primal, key(2), shown);
  const options = { count: shown, shape: made.shape.slice(1), columns: 20, scale: 1 };
  const picture = grid(await made.data<'float32'>(), options);
  made.dispose();
  return picture;
}

/** Trains one model and measures it. */
function result(
  name: string,
  latent: number,
  { train, held, steps, seed }: Sets,
  context: Context,
): Promise<{ readonly found: Found; readonly picture: Uint8Array }> {
  const make = settings[name];
  if (!make)
    throw new UsageError(`No model '${name}': there are ${Object.keys(settings).join(', ')}.`);
  const setting = make(latent, { train, steps, seed });
  const title = `${name}-${latent}`;
  return withTrained(title, setting, { ...context, seed }, async (trained) => {
    const { model, params, coreSeconds, folder } = trained;
    const found = await measured(model, params, held, {
      store: fileStore(`${folder}-measured`),
      gaps: split.includes(name),
      comparedBy: comparedBy(name, latent),
      log: (what) => {
        context.log(`${title}, seed ${seed}: ${what}`);
      },
      signal: context.signal,
    });
    return {
      found: { name, seed, steps: trained.steps, coreSeconds, ...found },
      picture: await samplesOf(trained),
    };
  });
}

interface Sets {
  readonly train: Dataset;
  readonly held: Dataset;
  readonly steps: number;
  readonly seed: number;
}

const flags: Readonly<Record<'models' | 'latents' | 'steps', string>> & {
  readonly 'data-dir': string | undefined;
} = {
  models: Object.keys(settings).join(','),
  latents: '8,32',
  steps: '8000',
  'data-dir': undefined,
};

export const likelihood: Study<Result, typeof flags> = {
  summary: 'VAE, IWAE, flow and AVB on binarised MNIST: ELBO and log p(x), paired',
  seeds: [0],
  flags,

  async run({ seeds, values, ...context }) {
    const { train, held } = await binaryMnist(values['data-dir']);
    const steps = Number(values.steps);
    const sets = { train, held, steps, seed: seeds[0]! };
    const byLatent: OfLatent[] = [];
    const checked: Checked[] = [];
    const pictures: Record<string, Uint8Array> = {};
    for (const latent of values.latents.split(',').map(Number)) {
      const results: Found[] = [];
      for (const name of values.models.split(',')) {
        const { found, picture } = await result(name, latent, sets, context);
        results.push(found);
        pictures[fileOf(name, latent)] = picture;
      }
      const compared = comparisons(results);
      for (const { what, mean, error, required, holds } of compared)
        context.log(
          `${latent}: ${what} ${mean.toFixed(3)} ± ${error.toFixed(3)} ${required}: ${holds}`,
        );
      byLatent.push({ latent, results: results.map(kept) });
      checked.push(...compared.map((each) => ({ latent, ...each })));
    }
    const holds = checked.every((each) => each.holds);
    return { result: { steps, byLatent, checked }, pictures, holds };
  },

  page,
};
