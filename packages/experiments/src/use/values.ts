import { sizeOf, type Shape } from '@elbo/core';
import { decodeTable, decodeText, type Field } from '@elbo/datasets';
import { csv, grid, npy, shortest, type Cell } from '@elbo/report';
import { RequestError } from '../request_error.js';
import { isImages } from './parts.js';

/** Values of rows, as a model makes them or takes them. */
export interface Values {
  /** `[N, …shape]`, flat. */
  readonly values: Float32Array;
  /** Of a row. */
  readonly shape: Shape;
  /** The symbols of rows that are one-hot sequences. */
  readonly alphabet?: readonly string[] | undefined;
  /** The columns of rows of a table. */
  readonly fields?: readonly Field[] | undefined;
}

const countOf = ({ values, shape }: Values): number => values.length / sizeOf(shape);

/** Values as a NumPy file. */
export function valuesNpy(of: Values): Uint8Array {
  return npy(of.values, [countOf(of), ...of.shape]);
}

/** Rows as a person reads them. */
export interface Worded {
  readonly names: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Texts as texts, a table in its own units and words; undefined of other rows. */
export function inWords(of: Values): Worded | undefined {
  const { values, shape, alphabet, fields } = of;
  if (alphabet)
    return { names: ['text'], rows: decodeText(values, { shape, alphabet }).map((text) => [text]) };
  if (!fields) return undefined;
  const columns = decodeTable(fields, values);
  return {
    names: fields.map(({ name }) => name),
    rows: Array.from({ length: countOf(of) }, (_, row) =>
      columns.map((column) => column[row] ?? ''),
    ),
  };
}

/** Values as CSV: texts as texts, a table in its own units and words, other rows as a column for each number. */
export function valuesCsv(of: Values): string {
  const { names, rows } = inWords(of) ?? {
    names: columnNames('x', sizeOf(of.shape)),
    rows: rowsOf(of.values, sizeOf(of.shape)),
  };
  return csv(names, rows);
}

/** `x0`, `x1`, … */
export function columnNames(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${name}${i}`);
}

/** Rows of `size` numbers, as cells. */
export function* rowsOf(values: Float32Array, size: number): Generator<readonly Cell[]> {
  for (let at = 0; at < values.length; at += size)
    yield Array.from(values.subarray(at, at + size), shortest);
}

/** Images in a grid, as a PNG. */
export function valuesPng(of: Values, columns?: number): Uint8Array {
  expectImages(of);
  return grid(of.values, { count: countOf(of), shape: of.shape, ...(columns && { columns }) });
}

/** Each image as a PNG of its own, a pixel for each value, by name: `000.png`, `001.png`, … */
export function* valuesPngs(of: Values): Generator<readonly [name: string, png: Uint8Array]> {
  expectImages(of);
  const [count, size] = [countOf(of), sizeOf(of.shape)];
  const digits = String(count - 1).length;
  for (let i = 0; i < count; i++) {
    const image = of.values.subarray(i * size, (i + 1) * size);
    yield [
      `${String(i).padStart(digits, '0')}.png`,
      grid(image, { count: 1, shape: of.shape, scale: 1, margin: 0 }),
    ];
  }
}

/** @throws RequestError unless rows can be shown as images. */
function expectImages({ shape }: Values): void {
  if (!isImages(shape))
    throw new RequestError(
      `These rows have shape [${shape.join(', ')}] and are not images: write them as .csv or .npy.`,
    );
}
