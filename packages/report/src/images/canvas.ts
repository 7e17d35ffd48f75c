import { NumericalError, ShapeError } from '@elbo/core';
import { encode } from 'fast-png';

/** Images of one size, as a flat array of `count` × height × width × channels values in [0, 1]. */
export interface Images {
  readonly values: Float32Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/**
 * Checks that an array holds `count` images of a shape, [height, width] or [height, width, channels].
 *
 * @throws ShapeError when it does not.
 */
export function imagesOf(values: Float32Array, count: number, shape: readonly number[]): Images {
  const [height = 0, width = 0, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || (channels !== 1 && channels !== 3)) {
    throw new ShapeError(
      `Images of shape [${shape.join(', ')}] cannot be drawn: give [height, width] or [height, width, 1 or 3].`,
    );
  }
  const expected = count * height * width * channels;
  if (!Number.isInteger(count) || count < 1 || values.length !== expected || expected === 0) {
    throw new ShapeError(
      `${count} images of shape [${shape.join(', ')}] take ${expected} values, at least one; there are ${values.length}.`,
    );
  }
  return { values, count, height, width, channels };
}

/** A picture under construction; what nothing is drawn on stays transparent. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Draws the `index`-th image with its top left corner at (left, top), each value a square of `scale` pixels. */
  draw(images: Images, index: number, left: number, top: number, scale: number): void;
  /** The bytes of a PNG file. */
  png(): Uint8Array;
}

/** An empty picture for grey (1) or colour (3) images. */
export function canvas(width: number, height: number, channels: 1 | 3): Canvas {
  const depth = channels + 1;
  const data = new Uint8Array(width * height * depth);
  return {
    width,
    height,
    draw(images, index, left, top, scale) {
      const size = images.height * images.width * channels;
      for (let y = 0; y < images.height * scale; y++) {
        for (let x = 0; x < images.width * scale; x++) {
          const pixel = Math.floor(y / scale) * images.width + Math.floor(x / scale);
          const at = ((top + y) * width + left + x) * depth;
          for (let c = 0; c < channels; c++) {
            const value = images.values[index * size + pixel * channels + c]!;
            if (Number.isNaN(value)) {
              throw new NumericalError(
                `Image ${index} holds NaN and cannot be drawn: find out where the model diverged.`,
              );
            }
            data[at + c] = Math.round(255 * Math.min(1, Math.max(0, value)));
          }
          data[at + channels] = 255;
        }
      }
    },
    png: () => encode({ width, height, data, channels: depth }),
  };
}

/** Pixels of a picture's side for each value of an image: four pixels are drawn at 24, MNIST at 3. */
export function defaultScale({ height, width }: Pick<Images, 'height' | 'width'>): number {
  return Math.min(24, Math.max(1, Math.round(80 / Math.max(height, width))));
}
