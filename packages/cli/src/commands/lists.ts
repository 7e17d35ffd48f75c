import type { OptionType } from '@elbo/core';
import { catalogue, loadDataset } from '@elbo/datasets/node';
import { fileOptions, type Known } from '@elbo/experiments';
import { trainingOptionTypes } from '@elbo/training';
import type { Output } from '../output.js';
import { table } from '../table.js';

/** An option's name, default and type, for a line. */
const columns = (option: string, { type, default: given }: OptionType): readonly string[] => [
  '',
  `--set ${option}=${given === undefined ? '' : JSON.stringify(given).replaceAll('"', '')}`,
  type,
];

/** `elbo models`: what can be trained by name, and what can be set: defaults, types and ranges, as they are checked. */
export function modelsCommand(output: Output, { recipes }: Known): number {
  for (const { name, summary, options, types } of recipes) {
    const all = Object.entries(options).map(([option, about]) => ({
      option,
      about,
      ...types[option]!,
    }));
    output.result({
      name,
      summary,
      options: Object.fromEntries(all.map(({ option, ...rest }) => [option, rest])),
    });
    output.line(`${name}: ${summary}`);
    output.line(table(all.map(({ option, about, ...rest }) => [...columns(option, rest), about])));
  }
  output.line('Options of training, also for --set:');
  output.line(
    table(Object.entries(trainingOptionTypes).map(([option, type]) => columns(option, type))),
  );
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
