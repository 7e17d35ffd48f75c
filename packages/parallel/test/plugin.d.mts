import type { Kind } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import type { Term } from '@elbo/objectives';

export type Fate = 'exit' | 'exit later' | 'throw later' | 'reject' | 'nan';
export declare function doomed(data: Dataset, fate: Fate, at: number): Dataset;
export declare const poison: Term<'posterior'>;
export declare const kinds: readonly Kind[];
