import { DataError, formatShape, sameShape } from '@elbo/core';
import type { Dataset } from '../dataset.js';
import { tableTraits } from '../formats/table/moments.js';
import { momentsOf } from './moments.js';
import type { DataTraits } from './traits.js';

/**
 * The data of a run: three sets without a row in common, unless the data are so few that they are all there is. The model
 * is fitted to `train`; what is chosen while it is, such as when to stop and which step was the best, is chosen by
 * `validation`; the finished model is judged by `test`, and nothing else is.
 */
export type Sets = Readonly<Record<'train' | 'validation' | 'test', Dataset>>;

/** The most classes that one of some sets has; `undefined` where none has labels. */
export function mostClasses(sets: Readonly<Record<string, Dataset>>): number | undefined {
  const known = Object.values(sets).flatMap(({ classes }) => classes ?? []);
  return known.length > 0 ? Math.max(...known) : undefined;
}

/**
 * Fails unless the rows of some sets, by the names of their splits, could be rows of one: equal shapes, conditions and
 * alphabets.
 *
 * @throws DataError that names two splits and their sets.
 */
export function expectAlike(sets: Readonly<Record<string, Dataset>>): void {
  const [first, ...others] = Object.entries(sets);
  if (!first) return;
  const [name, one] = first;
  for (const [otherName, other] of others) {
    const differ = (ours: string, theirs: string, advice: string): never => {
      throw new DataError(
        `The rows of ${name} (${one.name}) have ${ours}, but those of ${otherName} (${other.name}) have ${theirs}. ${advice}`,
      );
    };
    const together = 'All splits must be alike: give data that belong together.';
    if (!sameShape(one.shape, other.shape))
      differ(
        `the shape ${formatShape(one.shape)}`,
        `the shape ${formatShape(other.shape)}`,
        together,
      );
    if (one.alphabet?.join('\n') !== other.alphabet?.join('\n'))
      differ(symbols(one), symbols(other), together);
    if (JSON.stringify(one.fields) !== JSON.stringify(other.fields))
      differ(columnsIn(one), columnsIn(other), together);
    if (one.conditions !== other.conditions)
      differ(
        conditions(one),
        conditions(other),
        "All splits must be alike: in a configuration, 'condition-on-label' takes 'classes'.",
      );
  }
}

const symbols = ({ alphabet }: Dataset): string =>
  alphabet ? `${alphabet.length} symbols (${alphabet.slice(1).join(' ')})` : 'no symbols';

const columnsIn = ({ fields }: Dataset): string =>
  fields ? `the columns ${fields.map(({ name }) => name).join(', ')}` : 'no columns';

const conditions = ({ conditions: count }: Dataset): string =>
  count === undefined ? 'no conditions' : `conditions of ${count} values`;

/**
 * What a model by name is chosen by: decided here, from all splits together.
 *
 * @throws DataError when the splits do not belong together.
 */
export async function describeSets(sets: Sets): Promise<DataTraits> {
  expectAlike(sets);
  const { train, validation, test } = sets;
  const { shape, alphabet } = train;
  const unit = [train, validation, test].every(({ binary }) => binary);
  const levels = unit ? undefined : levelsOf(sets);
  const ofTable = train.fields && (await tableTraits(train, train.fields));
  const moments = ofTable ? ofTable.moments : await momentsOf(train);
  return {
    shape,
    unit,
    ...(levels !== undefined && { levels }),
    sequence: alphabet !== undefined,
    classes: mostClasses(sets),
    ...(moments && { moments }),
    ...(ofTable && { columns: ofTable.columns }),
  };
}

/** How many values the rows of all sets have, where they all have as many. */
function levelsOf({ train, validation, test }: Sets): number | undefined {
  const { levels } = train;
  return [validation, test].every((set) => set.levels === levels) ? levels : undefined;
}
