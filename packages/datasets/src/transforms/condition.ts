import { DataError } from '@elbo/core';
import { derived, mapRows, type Dataset } from '../dataset.js';

/**
 * A dataset whose condition is the one-hot label, `[B, classes]`, for conditional models.
 *
 * @param classes how many there are in all, where these rows need not have all of them; as the data say by default.
 * @throws DataError when the dataset has no labels or more classes, or, on reading, when a row's label is unknown.
 */
export function conditionOnLabel(
  data: Dataset,
  classes: number | undefined = data.classes,
): Dataset {
  const { name } = data;
  if (!data.classes || !classes) throw new DataError(`${name}: it has no labels to condition on.`);
  if (data.classes > classes)
    throw new DataError(
      `${name}: it has ${data.classes} classes, more than the ${classes} to condition on.`,
    );
  return derived(data, {
    ...(data.factors && { factors: data.factors }),
    config: { kind: 'condition-on-label', data: data.config, classes },
    classes,
    conditions: classes,
    read: (rows, key) =>
      mapRows(data.read(rows, key), (read) => {
        const condition = new Float32Array(rows.length * classes);
        rows.forEach((row, i) => {
          const label = read.label?.[i] ?? -1;
          if (label < 0)
            throw new DataError(
              `${name}: row ${row} has no label to condition on; leave it out by subset().`,
            );
          condition[i * classes + label] = 1;
        });
        return { ...read, condition };
      }),
  });
}
