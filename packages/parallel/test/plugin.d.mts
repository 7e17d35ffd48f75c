import type { Kind } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';

export type Fate = 'exit' | 'exit later' | 'throw later' | 'reject' | 'nan';
export declare function doomed(data: Dataset, fate: Fate, at: number): Dataset;
export declare const kinds: readonly Kind[];
