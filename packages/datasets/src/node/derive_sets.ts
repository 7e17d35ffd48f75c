import { ConfigError, isConfig, type Config, type Json } from '@elbo/core';
import { procedural } from '../catalogue.js';
import type { Split } from '../dataset.js';
import type { Sets } from '../sets/sets.js';
import { missing, splitsOf } from './load_sets.js';
import type { FileOptions } from './options.js';

/** The configs of a run's sets. */
export type SetsConfig = Readonly<Record<keyof Sets, Config>>;

/** The rows of derived sets of procedural data, at most. */
const mostRows = 10_000;

/**
 * The configs of three sets, of which those for validation and test may be missing: they are then made as the training
 * rows are, of the other splits of what these are made of. Rows to validate on that are said to be the test split are the
 * test rows.
 *
 * @throws ConfigError when that cannot be told from the training rows' config.
 */
export async function deriveSets(
  { train, validation, test }: Pick<SetsConfig, 'train'> & Partial<SetsConfig>,
  options: Pick<FileOptions, 'named'> = {},
): Promise<SetsConfig> {
  if (validation && test) return { train, validation, test };
  if (validation && baseOf(validation).split === 'test')
    return deriveSets({ train, test: validation }, options);
  const base = baseOf(train);
  const of = await configsOf(base, options);
  return {
    train: remade(train, base, of('train'), 'train'),
    validation: validation ?? remade(train, base, of('validation'), 'validation'),
    test: test ?? remade(train, base, of('test'), 'test'),
  };
}

const innerOf = ({ data }: Config): Config | undefined => (isConfig(data) ? data : undefined);

/** What a config is made of: the innermost, or what is held out of it. */
function baseOf(config: Config): Config {
  const inner = innerOf(config);
  return inner && config.kind !== 'held-out' ? baseOf(inner) : config;
}

/** A base with another split. Of its options, what is about its own rows, as a digest is, does not go over. */
function withSplit(base: Config, split: Split): Config {
  const entries = Object.entries(base).flatMap(([name, value]): [string, Json][] => {
    if (name === 'digest') return [];
    return [
      [name, name === 'size' && typeof value === 'number' ? Math.min(value, mostRows) : value],
    ];
  });
  return { ...(Object.fromEntries(entries) as Config), split };
}

/** How the splits of a base are described. */
async function configsOf(
  base: Config,
  options: Pick<FileOptions, 'named'>,
): Promise<(split: Split) => Config> {
  const { kind, split = 'train', source } = base;
  const unknown = (): never => {
    throw new ConfigError(
      `data: rows to validate and to test on cannot be told from training rows of kind '${kind}'${split === 'train' ? '' : ` and split ${JSON.stringify(split)}`}: name them by 'validation' and 'test'.`,
    );
  };
  if (kind === 'held-out') {
    const whole = innerOf(base);
    if (!whole || base.part !== 'train') return unknown();
    const of = base.validation && base.test ? undefined : await configsOf(baseOf(whole), options);
    return (part) => (part !== 'train' && !base[part] && of ? of(part) : { ...base, part });
  }
  if (split !== 'train') return unknown();
  if (typeof source === 'string' && kind === 'file') {
    const lacking = missing(await splitsOf(source, options));
    return (part) => {
      if (lacking && (part === 'train' || lacking[part] !== undefined)) {
        const { validation = 0, test = 0 } = lacking;
        return { kind: 'held-out', data: base, validation, test, seed: 0, part };
      }
      return part === 'train' ? base : withSplit(base, part);
    };
  }
  if (kind === 'four-pixels') return () => base;
  if (![...procedural, ...(options.named ?? [])].some(({ name }) => name === kind))
    return unknown();
  const sized = { size: mostRows, ...base };
  return (part) => (part === 'train' ? base : withSplit(sized, part));
}

/** A config about another base: held-out rows are binarised once and for all, and whole, with all their labels. */
function remade(config: Config, base: Config, other: Config, split: Split): Config {
  if (config === base) return other;
  const data = remade(innerOf(config)!, base, other, split);
  if (split === 'train') return { ...config, data };
  if (['labelled', 'augmented', 'take', 'subset'].includes(config.kind)) return data;
  if (config.kind === 'binarise' && config.how === 'dynamic')
    return { ...config, data, how: 'static' };
  return { ...config, data };
}
