import type { Image } from './image.js';

/** By EXIF's orientation: whether rows and columns change places, and then which run backwards. */
const turns: readonly {
  readonly transposed: boolean;
  readonly flipX: boolean;
  readonly flipY: boolean;
}[] = [
  [false, false, false],
  [false, true, false],
  [false, true, true],
  [false, false, true],
  [true, false, false],
  [true, true, false],
  [true, true, true],
  [true, false, true],
].map(([transposed, flipX, flipY]) => ({
  transposed: transposed!,
  flipX: flipX!,
  flipY: flipY!,
}));

/** A stored image as it is to be seen, by EXIF's orientation from 1 to 8. */
export function oriented(image: Image, orientation: number): Image {
  const turn = turns[orientation - 1];
  if (!turn || orientation === 1) return image;
  const { channels, data } = image;
  const width = turn.transposed ? image.height : image.width;
  const height = turn.transposed ? image.width : image.height;
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const seenX = turn.flipX ? width - 1 - x : x;
      const seenY = turn.flipY ? height - 1 - y : y;
      const from = turn.transposed ? seenX * image.width + seenY : seenY * image.width + seenX;
      for (let c = 0; c < channels; c++)
        out[(y * width + x) * channels + c] = data[from * channels + c]!;
    }
  return { width, height, channels, data: out };
}
