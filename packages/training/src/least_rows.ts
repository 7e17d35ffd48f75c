import { DataError } from '@elbo/core';
import type { Model } from '@elbo/objectives';

/** @throws DataError, naming the term, when a model has one that compares more rows than there are together. */
export function expectRowsFor({ terms }: Pick<Model, 'terms'>, rows: number, where: string): void {
  const term = terms.find(({ coupling }) => coupling && coupling.least > rows);
  if (!term) return;
  const { name, coupling } = term;
  throw new DataError(
    `The term '${name}' compares at least ${coupling!.least} rows with each other, and ${where} has ${rows} together: give it more.`,
  );
}
