// What the words of metrics share.
import type { MetricOptions } from '../metric.js';

/** What a figure is, in plain words. */
export interface FigureTexts {
  readonly label: string;
  readonly unit?: string;
  /** The figure that holds its standard error. */
  readonly error?: string;
  readonly note?: string;
}

/** What a metric is, in plain words. */
export interface MetricTexts {
  readonly title: string;
  /** The options that it goes by, beside the rows and the seed. */
  readonly options: readonly (keyof MetricOptions)[];
  /** Which figure the values of rows are of. */
  readonly perRow?: string;
  readonly figures: Readonly<Record<string, FigureTexts>>;
}

/** The unit of a logarithm. */
export const nats = { unit: 'nats' };
/** How most figures are made of the values of rows. */
export const whole = 'The mean over rows, summed over all values of a row.';

/** The other error of a mean over rows of what is sampled for each. */
export const samplingError: FigureTexts = {
  ...nats,
  label: 'Its standard error from sampling alone',
  note: 'How much another seed would change it, for these rows and this model; the error above is over rows.',
};
