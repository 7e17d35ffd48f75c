import type { IwaeBoundOptions } from '@elbo/iwae';
import type { Key } from '@elbo/random';

interface Drawn {
  readonly key: Key;
  readonly rows: number;
}

export declare function exactGap(samples: number): number;
export declare function gaps(options: IwaeBoundOptions, drawn: Drawn): readonly number[];
export declare function gradients(
  options: IwaeBoundOptions,
  drawn: Drawn & { readonly shift?: number; readonly watch?: () => void },
): { readonly mean: Float64Array; readonly shift: Float64Array; readonly loss: number };
export declare function moments(numbers: ArrayLike<number>): {
  readonly mean: number;
  readonly deviation: number;
  readonly error: number;
};
export declare function logLogSlope(points: readonly (readonly [number, number])[]): number;
