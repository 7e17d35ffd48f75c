import type { Split } from '../dataset.js';

/** The words by which names of files and folders say what split they hold. */
export const splitWords: Readonly<Record<Split, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'val', 'dev'],
  test: ['t10k', 'test', 'testing'],
};

/** The splits, in order. */
export const allSplits = Object.keys(splitWords) as readonly Split[];

/** The words of a name: `train-images.idx3-ubyte` has train, images, idx3 and ubyte. */
export function wordsOf(name: string): readonly string[] {
  return name.toLowerCase().split(/[^a-z0-9]+/);
}

/** The split that a name says it holds; `undefined` where it says none. */
export function splitNamed(name: string): Split | undefined {
  const words = wordsOf(name);
  return allSplits.find((split) => splitWords[split].some((word) => words.includes(word)));
}
