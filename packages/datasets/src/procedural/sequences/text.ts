import { DataError, formatShape, type Shape } from '@elbo/core';

/** How text is one-hot values: T places of C symbols. A `TextDataset` is one. */
export interface TextFormat {
  /** `[T, C]`. */
  readonly shape: Shape;
  /** The C symbols, of one or more characters. The first is '': it ends a text and pads it. */
  readonly alphabet: readonly string[];
}

/** The symbols that a text is made of, the longest that fits at each place; `undefined` where none does. */
function symbolsOf(text: string, alphabet: readonly string[]): readonly number[] | string {
  const found: number[] = [];
  let rest = text;
  while (rest.length > 0) {
    let best = 0;
    alphabet.forEach((symbol, i) => {
      if (rest.startsWith(symbol) && symbol.length > alphabet[best]!.length) best = i;
    });
    if (best === 0) return rest;
    found.push(best);
    rest = rest.slice(alphabet[best]!.length);
  }
  return found;
}

/** The numbers of a text's symbols in the alphabet, padded with 0 to T places. */
export function symbolNumbers(text: string, { shape, alphabet }: TextFormat): Uint8Array {
  const [length = 0] = shape;
  const symbols = symbolsOf(text, alphabet);
  if (typeof symbols === 'string')
    throw new DataError(
      `'${text}' cannot be encoded: no symbol of the alphabet begins '${symbols}'; it has ${alphabet.slice(1).join(' ')}.`,
    );
  if (symbols.length > length)
    throw new DataError(
      `'${text}' cannot be encoded: it has ${symbols.length} symbols, but only ${length} fit.`,
    );
  const numbers = new Uint8Array(length);
  numbers.set(symbols);
  return numbers;
}

/** Writes 1 at the number of each place of `into`, `[T, C]` flat, which is zero. */
export function writeOneHot(numbers: Uint8Array, symbols: number, into: Float32Array): void {
  numbers.forEach((number, place) => {
    into[place * symbols + number] = 1;
  });
}

/**
 * Texts as one-hot values, `[N, T, C]`, flat. At each place the longest symbol that fits counts, so that `Cl` is one.
 *
 * @throws DataError for a text with another symbol, or with more than T.
 */
export function encodeText(texts: readonly string[], format: TextFormat): Float32Array {
  const [length = 0, symbols = 0] = format.shape;
  const size = length * symbols;
  const values = new Float32Array(texts.length * size);
  texts.forEach((text, i) => {
    writeOneHot(symbolNumbers(text, format), symbols, values.subarray(i * size, (i + 1) * size));
  });
  return values;
}

/**
 * The texts of values `[N, T, C]`, flat: at each place the symbol of the largest value, up to the first end. So
 * probabilities decode too.
 *
 * @throws DataError when there is no whole number of texts.
 */
export function decodeText(values: Float32Array, { shape, alphabet }: TextFormat): string[] {
  const [length = 0, symbols = 0] = shape;
  const size = length * symbols;
  if (!(size > 0) || values.length % size !== 0)
    throw new DataError(
      `${values.length} values are not a whole number of texts of shape ${formatShape(shape)}.`,
    );
  return Array.from({ length: values.length / size }, (_, i) => {
    let text = '';
    for (let place = 0; place < length; place++) {
      const at = i * size + place * symbols;
      let best = 0;
      for (let s = 1; s < symbols; s++) if (values[at + s]! > values[at + best]!) best = s;
      if (best === 0) break;
      text += alphabet[best]!;
    }
    return text;
  });
}
