import { parseArgs } from 'node:util';

/** Whole numbers by name from the command line: `--steps 200`. What is not given keeps its default. */
export function numbers<Name extends string>(defaults: Record<Name, number>): Record<Name, number> {
  const names = Object.keys(defaults) as Name[];
  const { values } = parseArgs({
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  const value = (name: Name): number => {
    const number = Number(values[name] ?? defaults[name]);
    if (!Number.isSafeInteger(number) || number < 1)
      throw new Error(`--${name} takes a whole number from 1, not '${values[name]}'.`);
    return number;
  };
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, number>;
}
