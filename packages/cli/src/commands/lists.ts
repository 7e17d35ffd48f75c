import { catalogue, loadDataset } from '@elbo/datasets/node';
import { trainingOptionNames } from '@elbo/training';
import { fileOptions } from '../data.js';
import type { Known } from '../known.js';
import type { Output } from '../output.js';
import { table } from '../table.js';

/** `elbo models`: what can be trained by name, and what can be set. */
export function modelsCommand(output: Output, { recipes }: Known): number {
  for (const { name, summary, options } of recipes) {
    output.result({ name, summary, options });
    output.line(`${name}: ${summary}`);
    output.line(
      table(Object.entries(options).map(([option, about]) => ['', `--set ${option}=`, about])),
    );
  }
  output.line(`Options of training, by --set too: ${trainingOptionNames.join(', ')}`);
  return 0;
}

/** `elbo data list`: the datasets that have names. */
export function dataListCommand(output: Output, { datasets }: Known): number {
  const all = [...datasets, ...catalogue];
  for (const { name, about } of all) output.result({ name, about });
  output.line(table(all.map(({ name, about }) => [name, about])));
  return 0;
}

/** `elbo data get NAME`: finds or downloads a dataset and checks it. */
export async function dataGetCommand(
  name: string,
  { dataDir }: { readonly dataDir?: string },
  output: Output,
  known: Known,
): Promise<number> {
  for (const split of ['train', 'test'] as const) {
    const { size, shape } = await loadDataset(name, {
      ...fileOptions(dataDir, output, known),
      split,
    });
    output.result({ name, split, size, shape });
    output.line(`${name} ${split}: ${size} rows of ${shape.join(' × ')}`);
  }
  return 0;
}
