/** The formats that are told by their first bytes: those that are read, and others that files of images have. */
const signatures: readonly (readonly [name: string, at: number, bytes: string])[] = [
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['jpeg', 0, '\xff\xd8\xff'],
  ['GIF', 0, 'GIF8'],
  ['WebP', 8, 'WEBP'],
  ['BMP', 0, 'BM'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['HEIF or AVIF', 4, 'ftyp'],
  ['JPEG XL', 0, '\xff\x0a'],
  ['JPEG 2000', 4, 'jP  '],
  ['SVG', 0, '<svg'],
  ['zip', 0, 'PK\x03\x04'],
];

/** How many bytes tell the format. */
export const signatureLength = 12;

/**
 * The format of a file by its first bytes, whatever it is called: `png` and `jpeg` are read; of others the name, for
 * who is told that they are not; `undefined` where the bytes are of none that is known.
 */
export function formatOf(bytes: Uint8Array): string | undefined {
  const starts = (at: number, text: string): boolean =>
    text === String.fromCharCode(...bytes.subarray(at, at + text.length));
  return signatures.find(([, at, text]) => starts(at, text))?.[0];
}
