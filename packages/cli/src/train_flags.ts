import type { WarmStart } from '@elbo/experiments';
import type { Augmentation, Binarisation, HoldOut } from '@elbo/datasets';

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
  readonly size?: readonly [height: number, width: number];
  readonly crop?: 'centre' | 'pad' | 'stretch';
  readonly grey?: true;
  readonly augment?: readonly Augmentation[];
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
  readonly from?: WarmStart;
}
