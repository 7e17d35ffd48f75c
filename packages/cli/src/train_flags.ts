import type { Binarisation, HoldOut } from '@elbo/datasets';

/** The options of `elbo train`. */
export interface TrainFlags {
  readonly data?: string;
  readonly dataDir?: string;
  readonly holdOut?: HoldOut;
  readonly binarise?: Binarisation | 'none';
  readonly condition?: 'label' | 'none';
  readonly column?: readonly string[];
  readonly labels?: string;
  readonly array?: string;
  readonly length?: number;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly steps?: number;
  readonly batchSize?: number;
  readonly seed?: number;
  readonly backend?: string;
  readonly workers?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly keep?: 'best' | 'last';
}
