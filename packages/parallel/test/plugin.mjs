// A plugin as users write them: the kinds of the families, and data that fail in a worker's thread.
import { kinds as avbKinds } from '@elbo/avb';
import { defineKind, nested } from '@elbo/core';
import { datasetCategory } from '@elbo/datasets';
import { term, termCategory } from '@elbo/objectives';
import { kinds as vaeKinds } from '@elbo/vae';
import { mul, sum } from '@tensorflow/tfjs-core';
import process from 'node:process';
import { setTimeout } from 'node:timers';
import { isMainThread } from 'node:worker_threads';
import * as v from 'valibot';

/** What becomes of a worker, but not of the thread that trains, at its read number `at`. */
const fates = {
  exit: () => process.exit(3),
  /** In the middle of an iteration, or after it. */
  'exit later': () => setTimeout(() => process.exit(3)),
  'throw later': () =>
    setTimeout(() => {
      throw new Error('nobody catches this');
    }),
  reject: () => {
    throw new Error('the disk is gone');
  },
  nan: (rows) => ({ ...rows, x: rows.x.fill(NaN, 0, 1) }),
};

export function doomed(data, fate, at) {
  let reads = 0;
  return {
    ...data,
    config: { kind: 'doomed', data: data.config, fate, at },
    read: (rows, key) => {
      const read = data.read(rows, key);
      if (isMainThread || ++reads !== at) return read;
      const changed = fates[fate](read);
      return changed?.x ? changed : read;
    },
  };
}

/** Of no cost, but in a worker's second step, where it is no number. */
export const poison = term({
  config: { kind: 'poison' },
  name: 'poison',
  role: 'regulariser',
  needs: ['posterior'],
  evaluate: (pass) => ({
    cost: () => mul(sum(pass.z, 1), isMainThread || pass.step !== 1 ? 0 : NaN),
  }),
});

export const kinds = [
  ...avbKinds,
  ...vaeKinds,
  defineKind('poison', termCategory, {}, () => poison),
  defineKind(
    'doomed',
    datasetCategory,
    { data: nested, fate: v.picklist(Object.keys(fates)), at: v.number() },
    ({ data, fate, at }, registry) => doomed(registry.build(datasetCategory, data), fate, at),
  ),
];
