import { DataError } from '@elbo/core';

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** The order of bytes and the type, such as `<f4`. */
  readonly descr: string;
  /** Whether the first axis is the fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly begin: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Longer headers are of structured types, which are no arrays of numbers. */
const longest = 65_536;
const mostAxes = 32;

/** Whether bytes begin as a .npy file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** @throws DataError for what does not begin with a header of an array. */
export function npyHeader(bytes: Uint8Array, where: string): NpyHeader {
  const fail = (what: string): never => {
    throw new DataError(`${where}: ${what}. Save it again with numpy.save.`);
  };
  if (!isNpy(bytes)) return fail('this is not a .npy file, because it does not begin as one');
  const major = bytes[6] ?? 0;
  if (major < 1 || major > 3)
    return fail(`it is of version ${major} of the format, which is not known`);
  const wide = major > 1;
  const start = wide ? 12 : 10;
  if (bytes.length < start) return fail('it is cut short within its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const begin = start + length;
  if (length > longest || bytes.length < begin) return fail('it is cut short within its header');
  const text = new TextDecoder('utf-8').decode(bytes.subarray(start, begin));
  const [, descr] = /'descr'\s*:\s*'([^']*)'/.exec(text) ?? [];
  const [, fortran] = /'fortran_order'\s*:\s*(True|False)/.exec(text) ?? [];
  const [, axes] = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text) ?? [];
  if (/'descr'\s*:\s*\[/.test(text))
    return fail('its elements are records, not numbers: save one field of it');
  if (descr === undefined || fortran === undefined || axes === undefined)
    return fail('its header has no descr, fortran_order and shape');
  if (descr.endsWith('O'))
    return fail(
      'its elements are Python objects, which only Python can read: give them a type first',
    );
  const shape = axes
    .split(',')
    .map((axis) => axis.replace('L', '').trim())
    .filter((axis) => axis !== '')
    .map(Number);
  if (shape.length > mostAxes || !shape.every(Number.isSafeInteger))
    return fail(`its header says the shape (${axes.slice(0, 60)})`);
  return { descr, fortran: fortran === 'True', shape, begin };
}
