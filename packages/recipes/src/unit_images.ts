import type { DataTraits } from '@elbo/datasets';

/** Whether data are images of values in [0, 1], be they bits or not: three axes say so, unless values were found to be unbounded. */
export function areUnitImages({ shape, moments }: Pick<DataTraits, 'shape' | 'moments'>): boolean {
  return shape.length === 3 && !moments;
}
