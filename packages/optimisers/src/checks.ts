import { ConfigError, type Schedule } from '@elbo/core';

type Options = Readonly<Record<string, number>>;

function expectAll(
  where: string,
  options: Options,
  range: string,
  holds: (value: number) => boolean,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (!holds(value)) throw new ConfigError(`${where}: ${name} is ${value}; it must be ${range}.`);
  }
}

/** Fails unless the options are shares of what is kept from step to step. */
export function expectDecays(where: string, options: Options): void {
  expectAll(where, options, 'at least 0 and less than 1', (value) => value >= 0 && value < 1);
}

/** Fails unless the options are positive and finite. */
export function expectPositive(where: string, options: Options): void {
  expectAll(where, options, 'positive and finite', (value) => value > 0 && value < Infinity);
}

/** Fails unless the options are finite and not negative. */
export function expectNotNegative(where: string, options: Options): void {
  expectAll(where, options, 'a number of 0 or more', (value) => value >= 0 && value < Infinity);
}

/** Fails unless a learning rate is a schedule or a number of 0 or more. */
export function expectRate(where: string, learningRate: number | Schedule): void {
  if (typeof learningRate === 'number') expectNotNegative(where, { learningRate });
  else if (typeof (learningRate as Partial<Schedule> | undefined)?.at !== 'function')
    throw new ConfigError(`${where}: the learning rate should be a number or a schedule.`);
}
