import { figure } from './figures.js';

/** What a number must be, and whether it is. */
export interface Bound {
  readonly text: string;
  holds(value: number): boolean;
}

/** A number against its bound. */
export interface Gate {
  readonly name: string;
  readonly value: number;
  readonly required: string;
  readonly holds: boolean;
}

const plain = (value: number): string => String(value).replace('-', '−');

export const atLeast = (bound: number): Bound => ({
  text: `≥ ${plain(bound)}`,
  holds: (value) => value >= bound,
});

export const atMost = (bound: number): Bound => ({
  text: `≤ ${plain(bound)}`,
  holds: (value) => value <= bound,
});

/** @param digits Of the middle, as many as it needs by default. */
export const within = (middle: number, by: number, digits?: number): Bound => ({
  text: `${digits === undefined ? plain(middle) : figure(middle, digits)} ± ${by}`,
  holds: (value) => Math.abs(value - middle) <= by,
});

export const gate = (name: string, value: number, { text, holds }: Bound): Gate => ({
  name,
  value,
  required: text,
  holds: holds(value),
});
