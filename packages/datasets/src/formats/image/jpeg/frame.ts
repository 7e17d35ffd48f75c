import { DataError } from '@elbo/core';

/** One of the planes that an image is made of: luma, chroma or ink. */
export interface Component {
  readonly id: number;
  /** Samples across and down for each of the image's smallest unit. */
  readonly h: number;
  readonly v: number;
  /** The number of its table of quantisation. */
  readonly table: number;
  /** Its samples across and down. */
  readonly width: number;
  readonly height: number;
  /** Its blocks of 8×8 samples across and down, as a scan of it alone has them. */
  readonly blocksAcross: number;
  readonly blocksDown: number;
}

/** What the frame header says (ITU-T T.81, section B.2.2). */
export interface Frame {
  readonly progressive: boolean;
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
  readonly maxH: number;
  readonly maxV: number;
  /** The units of all components together, across and down. */
  readonly unitsAcross: number;
  readonly unitsDown: number;
}

/** Frames that are read: baseline, extended and progressive, in Huffman codes. Those of other kinds have names. */
const others: ReadonlyMap<number, string> = new Map([
  [0xc3, 'lossless'],
  [0xc5, 'hierarchical'],
  [0xc6, 'hierarchical'],
  [0xc7, 'hierarchical'],
  [0xc9, 'arithmetic-coded'],
  [0xca, 'arithmetic-coded'],
  [0xcb, 'arithmetic-coded'],
  [0xcd, 'arithmetic-coded'],
  [0xce, 'arithmetic-coded'],
  [0xcf, 'arithmetic-coded'],
]);

/** Whether a marker begins a frame. */
export function isFrame(marker: number): boolean {
  return (marker >= 0xc0 && marker <= 0xc2) || others.has(marker);
}

/** @throws DataError for a frame that makes no sense, or of a kind that is not read. */
export function parseFrame(marker: number, data: Uint8Array): Frame {
  const other = others.get(marker);
  if (other !== undefined)
    throw new DataError(`it is ${other}, which is rare and not read: save it as a usual JPEG`);
  const [precision = 0, h1 = 0, h2 = 0, w1 = 0, w2 = 0, count = 0] = data;
  if (precision !== 8)
    throw new DataError(`it has ${precision} bits a sample, and JPEG of 8 is read`);
  const [height, width] = [h1 * 256 + h2, w1 * 256 + w2];
  if (![1, 3, 4].includes(count) || data.length < 6 + 3 * count)
    throw new DataError(`it is corrupt: it has ${count} components`);
  const given = Array.from({ length: count }, (_, i) => {
    const [id = 0, sampling = 0, table = 0] = data.subarray(6 + 3 * i);
    return { id, h: sampling >> 4, v: sampling & 15, table };
  });
  const fits = (factor: number): boolean => factor >= 1 && factor <= 4;
  if (
    !given.every(({ h, v, table }) => fits(h) && fits(v) && table < 4) ||
    new Set(given.map(({ id }) => id)).size < count
  )
    throw new DataError('it is corrupt: its components make no sense');
  const maxH = Math.max(...given.map(({ h }) => h));
  const maxV = Math.max(...given.map(({ v }) => v));
  return {
    progressive: marker === 0xc2,
    width,
    height,
    maxH,
    maxV,
    unitsAcross: Math.ceil(width / (8 * maxH)),
    unitsDown: Math.ceil(height / (8 * maxV)),
    components: given.map((component) => {
      const own = {
        width: Math.ceil((width * component.h) / maxH),
        height: Math.ceil((height * component.v) / maxV),
      };
      const blocks = {
        blocksAcross: Math.ceil(own.width / 8),
        blocksDown: Math.ceil(own.height / 8),
      };
      return { ...component, ...own, ...blocks };
    }),
  };
}
