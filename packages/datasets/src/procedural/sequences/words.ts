import type { Chooser } from './chooser.js';
import { generated, type LabelledText, type TextDataset, type TextOptions } from './generated.js';

/** The sounds of an invented language: a word is some syllables of onset, vowel and coda, and an ending. */
interface Language {
  readonly onsets: readonly string[];
  readonly vowels: readonly string[];
  readonly codas: readonly string[];
  readonly endings: readonly string[];
  /** The least and the most syllables before the ending. */
  readonly syllables: readonly [number, number];
}

const list = (text: string): readonly string[] => text.split(' ');

/** Open syllables, such as `talumo`; clusters, such as `strong` and `grandel`; endings, such as `fermicus`. */
const languages: readonly Language[] = [
  {
    onsets: list('h k l m n p r t w'),
    vowels: list('a e i o u'),
    codas: [''],
    endings: [''],
    syllables: [2, 4],
  },
  {
    onsets: list('b br d dr f g gr h kr st str th w'),
    vowels: list('a e o u'),
    codas: list('ck lt nd ng rk rm st'),
    endings: ['', '', 'el', 'en'],
    syllables: [1, 2],
  },
  {
    onsets: list('c d f l m p s t v'),
    vowels: list('a e i o'),
    codas: ['', '', 'c', 'n', 'r'],
    endings: list('ia ion or um us'),
    syllables: [1, 2],
  },
];

/** The most letters of a word. */
const length = 12;

const letters = new Set(
  languages.flatMap(({ onsets, vowels, codas, endings }) =>
    [...onsets, ...vowels, ...codas, ...endings].flatMap((part) => Array.from(part)),
  ),
);
const alphabet: readonly string[] = ['', ...[...letters].sort()];

function draw(choose: Chooser): LabelledText | undefined {
  const label = choose.below(languages.length);
  const { onsets, vowels, codas, endings, syllables } = languages[label]!;
  const [least, most] = syllables;
  let text = '';
  for (let left = least + choose.below(most - least + 1); left > 0; left--)
    text += choose.pick(onsets) + choose.pick(vowels) + choose.pick(codas);
  text += choose.pick(endings);
  return text.length > length ? undefined : { text, label };
}

/**
 * Invented words of at most 12 letters, as one-hot sequences: syllables of three languages, which are the classes. 0 has
 * open syllables (`talumo`), 1 clusters of consonants (`strong`), 2 endings (`fermicus`).
 */
export function words(options: TextOptions = {}): TextDataset {
  return generated(
    {
      name: 'words',
      shape: [length, alphabet.length],
      alphabet,
      classes: languages.length,
      draw,
    },
    options,
  );
}

const patterns = languages.map(({ onsets, vowels, codas, endings, syllables }) => {
  const one = (parts: readonly string[]): string => `(?:${parts.join('|')})`;
  const syllable = one(onsets) + one(vowels) + one(codas);
  return new RegExp(`^(?:${syllable}){${syllables.join()}}${one(endings)}$`);
});

/** The classes of `words` whose language can make a text; none for a text that is no word. */
export function languagesOf(text: string): number[] {
  if (text.length > length) return [];
  return patterns.flatMap((pattern, label) => (pattern.test(text) ? [label] : []));
}
