import { asWritten, likeliest, type Field, type FieldPlaces } from '@elbo/datasets';

/** What a missing cell may have been. */
export interface ImputedCell {
  /** The number of its row in the file, from 1. */
  readonly row: number;
  readonly column: string;
  /** The mean of a number, the mean of a count rounded, the most probable value of a category. */
  readonly value: number | string;
  /** Of numbers and counts: the interval between the draws' quantiles. */
  readonly low?: number;
  readonly high?: number;
  /** Of a category: the probability of the value. */
  readonly probability?: number;
}

/** What is said of a missing cell, by the mean and the draws of its row: `[width]` and `[draws, width]`. */
export function saidOf(
  field: Field,
  places: FieldPlaces,
  {
    mean,
    drawn,
    width,
    level,
  }: {
    readonly mean: Float32Array;
    readonly drawn: Float32Array;
    readonly width: number;
    readonly level: number;
  },
): Omit<ImputedCell, 'row' | 'column'> {
  if (field.type === 'category') {
    const best = likeliest(places, mean);
    const probability = Number(mean[places.begin + best]!.toFixed(3));
    return { value: field.values![best]!, probability };
  }
  const values = Float64Array.from(
    { length: drawn.length / width },
    (_, draw) => drawn[draw * width + places.begin]!,
  ).sort();
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]!;
  return {
    value: asWritten(field, mean[places.begin]!),
    low: asWritten(field, at((1 - level) / 2)),
    high: asWritten(field, at((1 + level) / 2)),
  };
}
