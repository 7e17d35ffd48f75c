import type { DataMoments, Shape, TableColumn } from '@elbo/core';
import type { Dataset } from '../dataset.js';

/** What a model by name is chosen by. */
export interface DataTraits {
  readonly shape: Shape;
  /** Whether every value is 0 or 1, or in [0, 1] and read as a probability: the likelihood is Bernoulli. */
  readonly unit: boolean;
  /** How many values there are, evenly from 0 to 1, where they are no bits: 256 of images that are bytes. */
  readonly levels?: number;
  /** Whether a row is a sequence of one-hot symbols, `[T, C]`, that ends with the first symbol; false by default. */
  readonly sequence?: boolean;
  /** Of the training rows, where values may be any numbers: models by name are standardised by them. */
  readonly moments?: DataMoments;
  /** The columns of a table in standardised units: what its likelihood is made of. */
  readonly columns?: readonly TableColumn[];
  /** The number of classes, when rows are labelled. */
  readonly classes?: number | undefined;
}

/** The traits of a dataset that can be told without reading it; `describeSets` says what those of a run's are. */
export function traitsOf({ shape, binary, alphabet, classes }: Dataset): DataTraits {
  return { shape, unit: binary, sequence: alphabet !== undefined, classes };
}
