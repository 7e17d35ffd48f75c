import {
  closest,
  ConfigError,
  describeOption,
  exactly,
  type OptionType,
  type Registry,
  type TableColumn,
} from '@elbo/core';
import type { Dataset, DataTraits } from '@elbo/datasets';
import { standardised, type Model } from '@elbo/objectives';
import type { TrainingConfig } from '@elbo/training';
import * as v from 'valibot';

/** The defaults with which a model family is trained by name: `elbo train avb`. */
export interface Recipe {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** The names and meanings of its options. */
  readonly options: Readonly<Record<string, string>>;
  /** What each may be, and its default. */
  readonly types: Readonly<Record<string, OptionType>>;
  /** What is needed to build the model from its config. */
  readonly registry: Registry;
  /** Whether it takes grey images as they are, unless told otherwise: what it makes is compared with them, grey with grey. */
  readonly keepsGreys?: boolean;
  /** Whether it compares whole rows with what it makes, so that none may lack values. */
  readonly comparesRows?: boolean;
  /** @throws ConfigError that names an unknown option, or one whose value does not fit. */
  build(
    data: DataTraits,
    options: Readonly<Record<string, unknown>>,
    run: { readonly steps: number; readonly batchSize: number },
  ): {
    readonly model: Model;
    /** What it trains on in place of the data as they are: a few labels only, for one. */
    readonly prepare?: (data: Dataset) => Dataset;
    readonly training: Pick<TrainingConfig, 'primal' | 'dual' | 'dualSteps'> &
      Partial<TrainingConfig>;
  };
}

/**
 * Defines a recipe; options are checked against their schema and an unknown one is refused with the nearest known. A model
 * of unbounded data is standardised by their moments.
 *
 * @example
 * ```ts
 * import { count, defineRecipe, networksFor, priorFor } from '@elbo/recipes';
 * import { adam, gaussianEncoder, vae, vaeRegistry } from '@elbo/vae';
 * import * as v from 'valibot';
 *
 * const small = defineRecipe({
 *   name: 'small',
 *   summary: 'A VAE of one layer',
 *   options: { latent: 'dimensions of z' },
 *   schema: { latent: v.optional(count, 4) },
 *   registry: vaeRegistry,
 *   build: (data, { latent }) => {
 *     const { trunk, decoder } = networksFor(data, { hidden: [64] });
 *     const prior = priorFor({ prior: 'normal', latent, components: 1, unit: data.unit });
 *     return {
 *       model: vae({ prior, encoder: gaussianEncoder({ network: trunk, latent }), decoder }),
 *       training: { primal: adam(1e-3).config },
 *     };
 *   },
 * });
 * const { model } = small.build({ shape: [4], unit: true }, {}, { steps: 10, batchSize: 4 });
 * console.log(model.prior.dim, small.types.latent); // 4 { type: 'whole number ≥ 1', default: 4 }
 * ```
 */
export function defineRecipe<const Entries extends v.ObjectEntries>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly options: { readonly [Name in keyof Entries]: string };
  readonly schema: Entries;
  readonly registry: Registry;
  readonly keepsGreys?: boolean;
  readonly comparesRows?: boolean;
  build(
    data: DataTraits,
    options: v.InferOutput<v.ObjectSchema<Entries, undefined>>,
    run: { readonly steps: number; readonly batchSize: number },
  ): ReturnType<Recipe['build']>;
}): Recipe {
  const schema = exactly(definition.schema);
  const names = Object.keys(definition.schema);
  return {
    ...definition,
    types: Object.fromEntries(
      Object.entries(definition.schema).map(([name, entry]) => [name, describeOption(entry)]),
    ),
    build: (data, options, run) => {
      const parsed = v.safeParse(schema, options);
      if (parsed.success) {
        if (definition.comparesRows && data.columns) expectWhole(data.columns, definition.name);
        const built = definition.build(data, parsed.output, run);
        const { moments } = data;
        return moments ? { ...built, model: standardised(built.model, moments) } : built;
      }
      const issue = parsed.issues[0];
      const path = v.getDotPath(issue) ?? '';
      const near = closest(path, names);
      throw new ConfigError(
        issue.expected === 'never'
          ? `${definition.name} has no option '${path}'${near ? `; did you mean '${near}'?` : ` (it has ${names.join(', ')})`}`
          : `${definition.name}: option '${path}': expected ${issue.expected ?? 'another value'}, got ${issue.received}.`,
      );
    },
  };
}

/** @throws ConfigError for a table in which values are missing. */
function expectWhole(columns: readonly TableColumn[], name: string): void {
  const lacking = columns.filter(({ missing }) => missing).length;
  if (lacking > 0)
    throw new ConfigError(
      `${name} compares whole rows with those that it makes, and in ${lacking} column${lacking > 1 ? 's' : ''} values are missing. Train vae, iwae, avb or aae, which learn from what is there, or leave the columns out.`,
    );
}
