/** A file that may be an image, in a folder or in a zip file, as it was found. */
export interface ImageFile {
  /** Below the folder, or in the zip file, with '/' between names. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Differs when the file was changed. */
  readonly stamp: string;
  /** Where it lies in a zip file. */
  readonly packed?: PackedEntry;
}

/** A file in a zip file. */
export interface PackedEntry {
  /** Where its local header begins. */
  readonly at: number;
  /** The bytes that it takes there. */
  readonly length: number;
  readonly deflated: boolean;
  readonly crc: number;
  /** Not of one that is encrypted, or packed otherwise. */
  readonly readable: boolean;
}

/** Names that files of images have: of those formats that are read, and of others, which are told to be no PNG or JPEG. */
const imageName =
  /\.(png|apng|jpe?g|jpe|jfif|gif|webp|bmp|tiff?|hei[cf]|avif|jxl|jp2|ppm|pgm|svg)$/i;

/** Whether a file's name says that it is an image. */
export function isImageName(name: string): boolean {
  return imageName.test(name);
}

/** Whether a name is of what people do not see, or did not put there. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX';
}
