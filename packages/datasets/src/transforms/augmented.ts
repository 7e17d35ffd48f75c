import { ConfigError } from '@elbo/core';
import { fold, uniform, type Key } from '@elbo/random';
import { derived, mapRows, type Dataset } from '../dataset.js';

/** How images are varied: turned left to right or not, and moved by some pixels. */
export type Augmentation = 'flip' | 'shift';

const ways: readonly string[] = ['flip', 'shift'] satisfies Augmentation[];

/** Images are moved by at most this share of their height and width, and at least by a pixel. */
const farthest = 1 / 16;

/** Numbers that a row's variation takes. */
const draws = 3;

/**
 * A dataset of images, each varied anew at every read, by the read's key: `flip` turns it left to right with probability
 * ½; `shift` moves it up to a sixteenth of its height and width in each direction, all moves by whole pixels being equally
 * likely, and repeats its edge where nothing is left. For rows to train on: those that a model is judged by stay as they are.
 *
 * @throws ConfigError for rows that are no images, or a way that is not known.
 *
 * @example
 * ```ts
 * import { augmented, strokes } from '@elbo/datasets';
 * import { key } from '@elbo/random';
 *
 * const data = augmented(strokes({ size: 10 }), ['shift']);
 * const { x } = await data.read(new Uint32Array([0]), key(7));
 * console.log(x.length, data.config.kind); // 784 augmented
 * ```
 */
export function augmented(data: Dataset, how: readonly Augmentation[]): Dataset {
  const { name, shape } = data;
  const [height = 0, width = 0, channels = 0] = shape;
  if (shape.length !== 3)
    throw new ConfigError(
      `augmented of ${name}: its rows are no images of height, width and channels.`,
    );
  if (how.length === 0 || !how.every((way) => ways.includes(way)))
    throw new ConfigError(`augmented of ${name}: 'how' is a list of flip and shift.`);
  const [down, across] = [height, width].map((side) =>
    how.includes('shift') ? Math.max(1, Math.round(side * farthest)) : 0,
  ) as [number, number];
  const size = height * width * channels;
  return derived(data, {
    ...(data.factors && { factors: data.factors }),
    config: { kind: 'augmented', data: data.config, how: [...how] },
    read: (rows, key: Key) =>
      mapRows(data.read(rows, key), (read) => {
        const chances = uniform(fold(key, 'augmented'), draws * rows.length);
        const x = new Float32Array(read.x.length);
        for (let row = 0; row < rows.length; row++) {
          const [turned, first, second] = chances.subarray(draws * row, draws * (row + 1));
          const by = (chance: number, most: number): number =>
            Math.floor(chance * (2 * most + 1)) - most;
          const move = {
            flip: how.includes('flip') && turned! < 0.5,
            down: by(first!, down),
            across: by(second!, across),
          };
          const image = read.x.subarray(row * size, (row + 1) * size);
          const out = x.subarray(row * size, (row + 1) * size);
          moved(image, [height, width, channels], move, out);
        }
        return { ...read, x };
      }),
  });
}

/** Writes a varied image. */
function moved(
  image: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  {
    flip,
    down,
    across,
  }: { readonly flip: boolean; readonly down: number; readonly across: number },
  out: Float32Array,
): void {
  const inside = (place: number, most: number): number => Math.min(Math.max(place, 0), most - 1);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const seen = inside(x - across, width);
      const from = inside(y - down, height) * width + (flip ? width - 1 - seen : seen);
      for (let c = 0; c < channels; c++)
        out[(y * width + x) * channels + c] = image[from * channels + c]!;
    }
}
