import { standardNormal, type Support } from '@elbo/core';
import { describe, expect, it } from 'vitest';
import { firstOutside } from '../src/checks/expect_finite.js';
import { expectSupported, type Model } from '../src/index.js';

type Looked = Parameters<typeof expectSupported>[0];

/** What is looked at of a model: its likelihood's support, and the classes that a term knows. */
const modelOf = (support: Support, classes = 3): Looked =>
  ({
    decoder: { support, config: { kind: 'test' } },
    prior: standardNormal(1),
    terms: [{ name: 'labels', classes: () => classes }],
  }) as unknown as Pick<Model, 'decoder' | 'terms' | 'prior'>;
const real: Support = { kind: 'real' };
const rows = (values: readonly number[], support: Support, shape: readonly number[]) => () => {
  expectSupported(modelOf(support), { x: Float32Array.from(values) }, shape, 'test data');
};
const labelled =
  (...label: readonly number[]) =>
  () => {
    const x = new Float32Array(label.length);
    expectSupported(modelOf(real), { x, label: Int32Array.from(label) }, [1], 'test data');
  };

describe('labels', () => {
  it('are the classes that a term knows, or -1 for none', () => {
    expect(labelled(0, 1, 2)).not.toThrow();
    expect(labelled(-1, 2, -1, 0)).not.toThrow();
    expect(labelled(-1, -1)).not.toThrow();
  });

  it('that no class has are named, wherever they stand', () => {
    expect(labelled(3, 0, 1)).toThrow(/label 3.*'labels' knows the classes 0 to 2/);
    expect(labelled(0, 1, 7)).toThrow(/label 7/);
    expect(labelled(-2, 0, 1)).toThrow(/label -2/);
    expect(labelled(0, 2, -5)).toThrow(/label -5/);
  });
});

describe('values', () => {
  it('lie in a closed interval', () => {
    expect(firstOutside(Float32Array.of(0, 0.5, 1), 0, 1)).toBe(-1);
    expect(firstOutside(Float32Array.of(0, 1.5, -1), 0, 1)).toBe(1);
    expect(firstOutside(Float32Array.of(-0.5, 1), 0, 1)).toBe(0);
    expect(firstOutside(Float32Array.of(0, NaN), 0, 1)).toBe(1);
    const unit: Support = { kind: 'interval', least: 0, most: 1 };
    expect(rows([0, 1], unit, [2])).not.toThrow();
    expect(rows([0, 1.5], unit, [2])).toThrow(/from 0 to 1.5/);
    expect(rows([0.25, -0.5], unit, [2])).toThrow(/from -0.5 to 0.25/);
  });

  it('of classes are one of them in every row', () => {
    const classes: Support = { kind: 'classes' };
    expect(rows([1, 0, 0, 0, 0, 1], classes, [3])).not.toThrow();
    expect(rows([0.25, 0.5, 0.25], classes, [3])).not.toThrow();
    expect(rows([1, 0, 0, 0, 1, 1], classes, [3])).toThrow(/a row has \[0, 1, 1\]/);
    expect(rows([1, 0, 0, 0, 0, 0], classes, [3])).toThrow(/a row has \[0, 0, 0\]/);
    // They sum to 1, and are no probabilities.
    expect(rows([-0.5, 1, 0.5], classes, [3])).toThrow(/a row has \[-0.5, 1, 0.5\]/);
  });

  it('of sequences end for good', () => {
    const sequences: Support = { kind: 'sequences', end: 1 };
    const [go, end] = [
      [1, 0],
      [0, 1],
    ] as const;
    expect(rows([go, end, end, go, go, go].flat(), sequences, [3, 2])).not.toThrow();
    expect(rows([go, go, end, go, end, go].flat(), sequences, [3, 2])).toThrow(/goes on after/);
  });
});
