// The four-pixel table of Mescheder, Nowozin & Geiger 2017: a VAE and AVB, trained and measured.
//   npm run reproduce -- four-pixels [--seeds 0,1] [--models vae,avb] [--json]
import { join } from 'node:path';
import { setImmediate as macrotask } from 'node:timers/promises';
import { fileStore } from '@elbo/files';
import { noneMissed, sayGates } from '../../common/gates.js';
import { UsageError } from '../../runner/command_line.js';
import { remembered } from '../../runner/remembered.js';
import type { Context, Study } from '../../runner/study.js';
import { withTrained } from '../../runner/trained.js';
import { controls, expectControlled, type Control } from './controls.js';
import { gatesOf } from './gates.js';
import { measured } from './measured.js';
import { settings, variants, type Name } from './models.js';
import { drawPicture } from './picture.js';
import type { Result, Run } from './result.js';
import { pixels } from './sampling.js';
import { page, pictureFile } from './table.js';

const isName = (name: string): name is Name => Object.hasOwn(settings, name);

/** The models asked for. */
const namesIn = (text: string): readonly Name[] =>
  text.split(',').map((name) => {
    if (isName(name)) return name;
    throw new UsageError(`No model '${name}': there are ${Object.keys(settings).join(', ')}.`);
  });

/** Trains and measures one model with one seed; its picture too, if it is to be drawn. */
function result(
  name: Name,
  seed: number,
  draw: boolean,
  context: Context,
): Promise<{ readonly run: Run; readonly picture: string | undefined }> {
  const { signal } = context;
  return withTrained(name, settings[name](), { ...context, seed, every: 200 }, async (trained) => {
    const { store, steps, seconds, coreSeconds } = trained;
    const log = (message: string): void => {
      context.log(`${name}, seed ${seed}: ${message}`);
    };
    const { spent: measuring, ...found } = await measured(trained, { seed, store, log, signal });
    return {
      picture: draw ? await drawPicture(trained, { seed, signal }) : undefined,
      run: {
        seed,
        ...found,
        perPixel: found.reconstruction / pixels,
        excess: found.ownElbo - found.elbo,
        steps,
        time: { training: { seconds, coreSeconds }, measuring },
      },
    };
  });
}

/** The controls' rows; fails when the measurements do not find the known answers. */
async function controlled({ out, log, signal }: Context): Promise<readonly Control[]> {
  const store = fileStore(join(out, 'controls'));
  const rows: Control[] = [];
  for (const [name, make] of Object.entries(controls)) {
    await macrotask();
    signal.throwIfAborted();
    const made = await remembered(store, name, () => {
      log(`control: ${name}`);
      return make();
    });
    rows.push(...made);
  }
  expectControlled(rows);
  return rows;
}

const flags: { readonly models: string } = { models: Object.keys(settings).join(',') };

export const fourPixelTable: Study<Result, typeof flags> = {
  summary: 'VAE and AVB on the four images of 2×2 pixels, against the paper (table 1)',
  seeds: [0, 1, 2, 3, 4],
  methods: 'models',
  flags,

  async run({ seeds, values, backend, ...context }) {
    const names = namesIn(values.models);
    const rows = await controlled(context);
    const models: Partial<Record<Name, readonly Run[]>> = {};
    const pictures: Record<string, string> = {};
    for (const name of names) {
      const runs: Run[] = [];
      for (const seed of variants.includes(name) ? seeds.slice(0, 1) : seeds) {
        const draw = name === 'avb' && seed === seeds[0];
        const { run, picture } = await result(name, seed, draw, context);
        runs.push(run);
        if (picture !== undefined) pictures[pictureFile] = picture;
      }
      models[name] = runs;
    }
    const gates = gatesOf(models);
    context.log(sayGates(gates));
    const { name, version, threads } = backend;
    return {
      result: { backend: { name, version, threads }, models, controls: rows },
      holds: noneMissed(gates),
      pictures,
    };
  },

  page,
};
