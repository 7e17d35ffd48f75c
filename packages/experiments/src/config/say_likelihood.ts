import { isConfig, type Config, type Json } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';

/** What likelihoods of images are called, by the kind of the decoder. */
const names: Readonly<Record<string, string>> = {
  'discretised-logistic': 'discretised logistic',
  gaussian: 'Gaussian',
};

/** The kind of a model's decoder, wherever in its config that is. */
function decoderIn(config: Config): string | undefined {
  const { decoder } = config;
  if (decoder !== undefined && isConfig(decoder)) return decoder.kind;
  const inner = Object.values(config).filter((value: Json): value is Config => isConfig(value));
  return inner.map(decoderIn).find((kind) => kind !== undefined);
}

/** What a model's networks are made of, as the option `network` calls it. */
function networkIn(model: Config): string {
  const text = JSON.stringify(model);
  if (!text.includes('"kind":"conv')) return 'dense';
  return text.includes('"kind":"skip"') ? 'residual' : 'conv';
}

/** What images of bytes are modelled by, in a line: nobody chose it, and log-likelihoods depend on it. */
export function sayLikelihood({ shape, levels }: DataTraits, model: Config): string | undefined {
  const name = names[decoderIn(model) ?? ''];
  if (levels === undefined || shape.length !== 3 || name === undefined) return undefined;
  return `${shape.join('×')} images: ${networkIn(model)} networks, ${name}.`;
}
