/** A decoded image: 8 bits a value, row after row, grey or red, green and blue; what was transparent lies over white. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** `[height, width, channels]`, flat. */
  readonly data: Uint8Array;
}

/** The colour of nothing: what is transparent shows it, and what lies outside an image has it. */
export const white = 255;

/** What a file says of its image before it is decoded. */
export interface ImageHeader {
  /** As stored: before it is turned. */
  readonly width: number;
  readonly height: number;
  /** EXIF's orientation, 1 to 8; 1 for one that is stored as it is seen. */
  readonly orientation: number;
}

/** The size of an image as it is seen. */
export function seenSize({ width, height, orientation }: ImageHeader): readonly [number, number] {
  return orientation > 4 ? [width, height] : [height, width];
}
