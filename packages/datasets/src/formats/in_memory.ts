import type { Config, Shape } from '@elbo/core';

/** What a set in memory is known by. */
interface InMemory {
  readonly kind: 'arrays' | 'idx';
  readonly name: string;
  readonly size: number;
  readonly shape: Shape;
}

type Values = Float32Array | Int32Array | Uint8Array | Uint16Array;

/** The config of a set whose values are in memory: its sizes, and a digest that tells it from other values of these sizes. */
export function inMemory(
  { kind, name, size, shape }: InMemory,
  ...values: readonly (Values | undefined)[]
): Config {
  return { kind, name, size, shape, digest: digestOf(values) };
}

/**
 * 64 bits that tell values apart, as hexadecimal digits: two lanes of MurmurHash3 (Appleby 2011, public domain). They find data that
 * changed, not data that somebody forged. Synchronous and much faster than drawing a minibatch, as a page has no synchronous SHA-256.
 */
function digestOf(values: readonly (Values | undefined)[]): string {
  let low = 0x9747b28c;
  let high = 0x3c6ef372;
  const take = (word: number): void => {
    low = mixed(low, word, 0xcc9e2d51, 0x1b873593);
    high = mixed(high, word, 0x239b961b, 0xab0e9789 | 0);
  };
  for (const array of values) {
    take(array === undefined ? -1 : array.byteLength);
    if (array === undefined) continue;
    const aligned = array.byteOffset % 4 === 0 ? array : array.slice();
    const words = aligned.byteLength >>> 2;
    for (const word of new Int32Array(aligned.buffer, aligned.byteOffset, words)) take(word);
    const rest = new Uint8Array(
      aligned.buffer,
      aligned.byteOffset + 4 * words,
      aligned.byteLength % 4,
    );
    if (rest.length > 0) take(rest.reduce((word, byte) => (word << 8) | byte, 0));
  }
  return [low, high].map((lane) => (finished(lane) >>> 0).toString(16).padStart(8, '0')).join('');
}

const turned = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function mixed(hash: number, word: number, first: number, second: number): number {
  const scattered = Math.imul(turned(Math.imul(word, first), 15), second);
  return (Math.imul(turned(hash ^ scattered, 13), 5) + 0xe6546b64) | 0;
}

/** Every bit of the hash changes about half of the others. */
function finished(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
