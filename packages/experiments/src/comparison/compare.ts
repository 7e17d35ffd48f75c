import { renderComparison, type ComparisonTable } from '@elbo/report';
import { chartLibrary } from '@elbo/runs';
import { readSides, type ComparedRun } from './compared_run.js';
import { configDifferences, type Difference } from './differences.js';
import { questionsTo, type Asked } from './paired.js';
import { differenceTable, figureTables } from './tables.js';

/** Runs side by side. */
export interface Comparison {
  readonly sides: readonly ComparedRun[];
  /** Where their configurations differ. */
  readonly differences: readonly Difference[];
  /** Their evaluations, those of one question together, with differences on the same rows. */
  readonly asked: readonly Asked[];
  /** The figures, for people. */
  readonly tables: readonly ComparisonTable[];
  readonly configuration: ComparisonTable;
}

/**
 * What the files of runs say, side by side.
 *
 * @throws FileError that says what is wrong with which file.
 */
export async function compare(dirs: readonly string[]): Promise<Comparison> {
  const sides = await readSides(dirs);
  const differences = configDifferences(sides);
  const asked = questionsTo(sides);
  return {
    sides,
    differences,
    asked,
    tables: figureTables(sides, asked),
    configuration: differenceTable(differences),
  };
}

/** A comparison as a page that needs nothing beside it. */
export function comparisonPage({ sides, tables, configuration }: Comparison): string {
  return renderComparison({ runs: sides, tables, configuration }, chartLibrary());
}
