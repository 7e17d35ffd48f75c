import type { DataForm, Model } from '@elbo/objectives';
import { hasAdversary } from '@elbo/objectives';
import type { Graph } from './graph/graph.js';
import type { ExportPart } from './graph/model_graph.js';

/** What a file says of the model that it is of. */
export interface Description {
  readonly part: ExportPart;
  /** In words. */
  readonly description: string;
  /** By names: `format`, `version`, `part`, `config`, `data`, `noise`, and what else is to be said. */
  readonly metadata: Readonly<Record<string, string>>;
}

const words: Readonly<Record<ExportPart, string>> = {
  encoder: 'z: a draw of q(z|x), made of the noise. mean, logVar: the moments of q(z|x).',
  decoder: 'x: the mean of p(x|z).',
  scorer:
    'score: minus the ELBO of each row in nats, estimated with the noise; higher is stranger.',
};

/** Describes an exported part. */
export function describe(
  model: Model,
  { shape, conditions }: DataForm,
  part: ExportPart,
  { inputs }: Graph,
  more: Readonly<Record<string, string>>,
): Description {
  const noise = inputs.flatMap((input) =>
    input.noise ? [[input.name, input.noise] as const] : [],
  );
  const said = [
    words[part],
    ...(noise.length > 0
      ? [`Draw afresh: ${noise.map((pair) => pair.join(' ')).join(', ')}.`]
      : []),
    ...(part === 'scorer' && hasAdversary(model)
      ? ['An adversary estimates its divergence, so that the ELBO may come out above the truth.']
      : []),
  ];
  return {
    part,
    description: said.join(' '),
    metadata: {
      format: 'elbo-graph',
      version: '1',
      part,
      config: JSON.stringify(model.config),
      data: JSON.stringify({ shape, conditions }),
      noise: JSON.stringify(Object.fromEntries(noise)),
      ...more,
    },
  };
}
