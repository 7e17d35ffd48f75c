import { lookedAt, lookForCollapse } from '../../reports/diagnostics.js';
import type { Metric } from '../metric.js';
import { beside } from './beside.js';

/** Signs of collapse, and what they were read from. */
export const collapse: Metric = async ({ model, params, sets, step }, { rows, seed }) => {
  const data = sets.test;
  const found = await lookForCollapse({ model, params, data, step, seed, rows });
  const { signs, accuracies, samples, encoder, notEstimable } = found;
  const critics = Object.entries(accuracies).map(([name, value]) => [`${name}/accuracy`, value]);
  return {
    metric: 'collapse',
    rows: Math.min(rows ?? lookedAt, data.size),
    signs: signs.map(({ kind }) => kind).join(', ') || 'none',
    ...(samples && {
      drawn: samples.drawn,
      ...beside(samples.figures, samples.ofData),
      diversity: samples.diversity,
    }),
    ...(encoder && {
      ownCodeGain: encoder.ownCodeGain.mean,
      ownCodeGainError: encoder.ownCodeGain.error,
      activeUnits: encoder.activeUnits,
    }),
    ...(Object.fromEntries(critics) as Record<string, number>),
    notEstimable,
  };
};
