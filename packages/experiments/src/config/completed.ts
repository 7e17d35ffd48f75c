import type { Registry } from '@elbo/core';
import { optimiserCategory } from '@elbo/optimisers';
import { parseTrainingConfig, type TrainingConfig } from '@elbo/training';
import { basename } from 'node:path';
import type { Known } from '../known.js';
import type { UnloadedConfig } from './run_config.js';

/** A training configuration with what a run always does: report, validate and write checkpoints. */
export function complete(training: TrainingConfig): TrainingConfig {
  const often = Math.max(1, Math.min(100, Math.floor(training.steps / 20)));
  return parseTrainingConfig({
    every: often,
    validateEvery: Math.max(often, Math.floor(training.steps / 20)),
    validateRows: 1000,
    checkpointEvery: Math.max(often, Math.floor(training.steps / 10)),
    ...training,
  });
}

/** A training configuration with all options of its optimisers. */
export function resolvedTraining(training: TrainingConfig, registry: Registry): TrainingConfig {
  const { primal, dual } = training;
  return {
    ...training,
    primal: registry.build(optimiserCategory, primal).config,
    ...(dual && { dual: registry.build(optimiserCategory, dual).config }),
  };
}

/** What a run remembers of the plugins that were loaded. */
export function pluginsOf({ plugins }: Known): Pick<UnloadedConfig, 'plugins'> {
  return plugins.length > 0 ? { plugins: plugins.map(({ name }) => name) } : {};
}

/** What a run is called: its model and its data. */
export function titleOf({ model, data }: UnloadedConfig): string {
  let inner: Readonly<Record<string, unknown>> = data.train;
  while (typeof inner.data === 'object' && inner.data !== null)
    inner = inner.data as Readonly<Record<string, unknown>>;
  const source = inner.source ?? inner.kind;
  // A standardised model is called what it is besides.
  const named = typeof model.model === 'object' ? (model.model as typeof model) : model;
  return `${named.kind}-${basename(String(source))}`;
}
