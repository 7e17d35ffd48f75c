import { exactly } from '@elbo/core';
import { resolve } from 'node:path';
import * as v from 'valibot';

/** The parts of a model whose parameters another can begin with. */
export const modelParts = ['encoder', 'decoder', 'prior', 'dual'] as const;

export type PartName = (typeof modelParts)[number];

/** Where a run's parameters begin: at those of another, where names and shapes are the same. */
export interface WarmStart {
  /** A run, or the file that `elbo export` made of one. */
  readonly source: string;
  /** What is taken; all parts by default. */
  readonly parts?: readonly PartName[] | undefined;
  /** Of the parameters that were taken, so that a run that is made again begins with the same. */
  readonly digest?: string | undefined;
}

/** How a configuration says it. */
export const warmStartEntry: v.GenericSchema<WarmStart> = exactly({
  source: v.string(),
  parts: v.exactOptional(v.array(v.picklist(modelParts))),
  digest: v.exactOptional(v.string()),
});

/** The same wherever a run is gone on with. */
export function absolute(from: WarmStart): WarmStart {
  return { ...from, source: resolve(from.source) };
}
