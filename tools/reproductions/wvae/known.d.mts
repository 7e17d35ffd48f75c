import type { KernelOptions } from '@elbo/objectives';

export declare function closedForm(epsilon: number): number;
export declare function sinkhornOnQuantiles(
  epsilon: number,
  iterations: number,
): { readonly value: number; readonly violation: number };
export declare function brenierPair(epsilon: number): {
  readonly exact: number;
  readonly value: number;
};
export declare function repeatedMmd(
  shift: number,
  options: KernelOptions,
): { readonly mean: number; readonly error: number; readonly least: number };
