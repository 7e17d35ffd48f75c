import { describe, expect, it } from 'vitest';
import { closest } from '../src/index.js';

describe('closest', () => {
  const known = ['activation', 'units', 'kernel', 'lr', 'x'];

  it.each([
    ['activatoin', 'activation'],
    ['Units', 'units'],
    ['kernle', 'kernel'],
    ['kernl', 'kernel'],
    ['lrr', 'lr'],
    ['actvaton', 'activation'],
  ])('finds what %s meant', (word, meant) => {
    expect(closest(word, known)).toBe(meant);
  });

  it.each(['colour', 'y', '', 'unhappy'])('has nothing near %o', (word) => {
    expect(closest(word, known)).toBeUndefined();
  });

  it('counts a swap of neighbours as one mistake', () => {
    expect(closest('ba', ['ab'])).toBe('ab');
    expect(closest('ab', [])).toBeUndefined();
  });
});
