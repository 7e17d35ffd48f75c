import {
  ConfigError,
  DataError,
  formatShape,
  sameShape,
  type Config,
  type Shape,
} from '@elbo/core';
import type { Dataset, Field, Sets } from '@elbo/datasets';

/** What a model must be told of its data: a run keeps it, so that nothing is loaded where no row is read. */
export interface RowForm {
  readonly shape: Shape;
  /** The size of a row's condition, when rows have one. */
  readonly conditions?: number | undefined;
  /** The symbols of rows that are one-hot sequences. */
  readonly alphabet?: readonly string[] | undefined;
  /** The columns of a table, in its order. */
  readonly fields?: readonly Field[] | undefined;
  /** What the classes are called. */
  readonly classNames?: readonly string[] | undefined;
}

/** Rows to draw by: what they are like, and themselves for who reads them. */
export interface DrawnRows extends RowForm {
  /** Whether conditions are one-hot labels. */
  readonly onLabels: boolean;
  /** The rows that pictures are of. */
  read(): Promise<Dataset>;
}

/** The form of the rows of a run, which is the same in all its sets. */
export function formOf({ shape, conditions, alphabet, fields, classNames }: RowForm): RowForm {
  return {
    shape,
    ...(conditions !== undefined && { conditions }),
    ...(alphabet && { alphabet }),
    ...(fields && { fields }),
    ...(classNames && { classNames }),
  };
}

/** Whether a dataset's conditions are one-hot labels, by its config. */
export function isOnLabels({ kind }: Config): boolean {
  return kind === 'condition-on-label';
}

/** To draw by rows that are here. */
export function drawnFrom(test: Dataset): DrawnRows {
  return {
    ...formOf(test),
    onLabels: isOnLabels(test.config),
    read: () => Promise.resolve(test),
  };
}

/** @throws DataError where sets are of another form than the run was trained on. */
export function expectForm({ test }: Sets, { shape, conditions }: RowForm, where: string): void {
  if (sameShape(test.shape, shape) && test.conditions === conditions) return;
  const say = (of: RowForm): string =>
    `the shape ${formatShape(of.shape)}${of.conditions === undefined ? '' : ` and conditions of ${of.conditions} values`}`;
  throw new DataError(
    `${where} was trained on rows of ${say({ shape, conditions })}, and those of ${test.name} have ${say(test)}. Restore the original data.`,
  );
}

/** @throws ConfigError for a run's configuration without it. */
export function expectRows(rows: RowForm | undefined, where: string): RowForm {
  if (rows) return rows;
  throw new ConfigError(`${where}: 'rows' is missing.`);
}
