import type { Field, FieldType } from './field.js';

/** A cell: its text, or null where it is missing. */
export type Cell = string | null;

/** What a column is, and why. */
export interface Guess {
  readonly type: FieldType;
  readonly why: string;
}

/** A column of more different words than this is no category that a model of a few hundred rows could learn. */
const mostValues = 100;
/** Whole numbers of no more different values than this may be codes of a category. */
const mostCodes = 2;

/**
 * What a column is modelled as: numbers where all cells are numbers, counts where they are whole and none is below 0, and
 * categories of up to a hundred words. Numbers of rows, texts and what does not vary are left out.
 */
export function guessType(cells: readonly Cell[]): Guess {
  const seen = cells.filter((cell) => cell !== null);
  const different = new Set(seen);
  if (different.size === 0) return { type: 'skip', why: 'it is empty' };
  if (different.size === 1) return { type: 'skip', why: 'it has one value only' };
  const numbers = seen.map(numberIn);
  if (numbers.every((value) => value !== undefined)) return guessNumber(numbers, different.size);
  if (different.size === seen.length && seen.length > 10)
    return { type: 'skip', why: 'every value is another: a name or a key' };
  if (different.size > mostValues)
    return { type: 'skip', why: `it has ${different.size} different words` };
  return { type: 'category', why: `${different.size} values` };
}

function guessNumber(numbers: readonly number[], different: number): Guess {
  const counts = numbers.every((value) => Number.isInteger(value) && value >= 0);
  if (!counts) return { type: 'number', why: 'numbers' };
  if (numbers.length > 10 && numbers.every((value, row) => value === numbers[0]! + row))
    return { type: 'skip', why: 'it numbers the rows' };
  if (different <= mostCodes) return { type: 'category', why: `${different} codes` };
  return { type: 'count', why: 'whole numbers from 0 on' };
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number that a cell is; undefined of any other text. */
export function numberIn(cell: string): number | undefined {
  const text = cell.trim();
  if (!number.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}

/** A field of a column, by what it is modelled as. */
export function fieldOf(name: string, type: Field['type'], cells: readonly Cell[]): Field {
  const seen = cells.filter((cell) => cell !== null);
  const missing = seen.length < cells.length;
  if (type === 'category') return { name, type, missing, values: [...new Set(seen)].sort() };
  const decimals = seen.reduce((most, cell) => Math.max(most, decimalsOf(cell)), 0);
  return { name, type, missing, ...(type === 'number' && { decimals }) };
}

/** The digits behind the point of a number as it is written. */
function decimalsOf(cell: string): number {
  const [mantissa = '', exponent = '0'] = cell.trim().toLowerCase().split('e');
  const digits = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  return Math.min(Math.max(digits, 0), 8);
}
