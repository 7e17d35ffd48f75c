// What the studies cost, from the seconds of a core that their results state.
import { figure } from '../common/figures.js';
import { table } from '../common/tables.js';

/** A study's numbers, as they are kept. */
export interface Kept {
  readonly command: string;
  readonly machine: unknown;
  readonly result: unknown;
}

/** All `coreSeconds` in a value, however deep. */
export function coreSecondsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, part]: [string, unknown]) =>
      sum + (name === 'coreSeconds' && typeof part === 'number' ? part : coreSecondsIn(part)),
    0,
  );
}

/** A section: core-hours by study. */
export function costs(all: Readonly<Record<string, Kept>>): {
  readonly markdown: string;
  readonly json: Readonly<Record<string, number>>;
} {
  const hours = Object.fromEntries(
    Object.entries(all).map(([name, { result }]) => [name, coreSecondsIn(result) / 3600]),
  );
  const total = Object.values(hours).reduce((a, b) => a + b, 0);
  const shown = (value: number): string => (value === 0 ? 'not kept' : figure(value, 2));
  return {
    json: hours,
    markdown: [
      '## What it cost',
      'Core-hours of the figures on this page, from the seconds of a core that they were kept with: of training, and of measuring where that was kept too.',
      table(
        ['study', 'core-hours'],
        [
          ...Object.entries(hours).map(([name, value]) => [name, shown(value)]),
          ['**together**', `**${shown(total)}**`],
        ],
      ),
    ].join('\n\n'),
  };
}
