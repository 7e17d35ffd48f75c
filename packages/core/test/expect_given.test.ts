import { describe, expect, it } from 'vitest';
import { ConfigError, expectGiven, isConfig } from '../src/index.js';

const given =
  (options: unknown, ...names: readonly string[]) =>
  () => {
    expectGiven('factory', options as Record<string, unknown>, ...names);
  };
const part = { config: { kind: 'any' }, apply: () => 0 };

describe('expectGiven', () => {
  it.each([['prior'], [3], [null], [undefined], [true], [() => 0]])(
    'refuses %o in place of options',
    (options) => {
      expect(given(options)).toThrow(ConfigError);
      expect(given(options)).toThrow(/^factory: takes an object of options\.$/);
      expect(given(options, 'prior', 'encoder')).toThrow('options, { prior, encoder, … }.');
    },
  );

  it('says which option is missing, null or of the wrong type, and what it was', () => {
    expect(given({ other: 1 }, 'prior')).toThrow("option 'prior' is missing");
    expect(given({ prior: null }, 'prior')).toThrow("option 'prior' is missing");
    expect(given({ beta: null })).toThrow("option 'beta' is null");
    expect(given({ hidden: 16 })).toThrow("option 'hidden' should be a list, [ … ], not 16.");
    expect(given({ hidden: true })).toThrow('not true.');
    expect(given({ hidden: 'wide' })).toThrow('not of type string.');
    expect(given({ hidden: {} })).toThrow('not an object of another kind.');
    expect(given({ hidden: [1, null] })).toThrow(
      "option 'hidden[1]' should be a number, not null.",
    );
    expect(given({ network: 3 })).toThrow("a function 'apply', not 3.");
    expect(given({ network: { config: part.config } })).toThrow(/function 'apply'/);
    expect(given({ network: { ...part, config: {} } })).toThrow(/function 'apply'/);
    expect(given({ discriminators: 5 })).toThrow('a list or a record, not 5.');
    expect(given({ discriminators: [part, undefined] })).toThrow("at '1', should be");
    expect(given({ discriminators: { a: part, b: {} } })).toThrow("at 'b', should be");
  });

  it('takes what is as it should be', () => {
    expect(given({ network: part, hidden: [1, 2], beta: 1, prior: undefined })).not.toThrow();
    expect(given({ discriminators: [part] })).not.toThrow();
    expect(given({ discriminators: { a: part } })).not.toThrow();
  });
});

it('a config is an object with a kind', () => {
  expect([{ kind: 'a' }, {}, null, 'kind', undefined, 3].map(isConfig)).toEqual([
    true,
    ...[false, false, false, false, false],
  ]);
});
