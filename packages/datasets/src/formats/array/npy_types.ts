/** A type of elements. */
export interface NpyType {
  readonly bytes: number;
  readonly floats: boolean;
  readonly signed: boolean;
  read(view: DataView, at: number, little: boolean): number;
}

const whole = (bytes: number, signed: boolean, read: NpyType['read']): NpyType => ({
  bytes,
  floats: false,
  signed,
  read,
});
const float = (bytes: number, read: NpyType['read']): NpyType => ({
  bytes,
  floats: true,
  signed: true,
  read,
});

/** NumPy's real numbers, by their codes without the order of bytes. */
export const npyTypes: Readonly<Partial<Record<string, NpyType>>> = Object.assign(
  Object.create(null) as Record<string, NpyType>,
  {
    b1: whole(1, false, (view, at) => view.getUint8(at)),
    u1: whole(1, false, (view, at) => view.getUint8(at)),
    i1: whole(1, true, (view, at) => view.getInt8(at)),
    u2: whole(2, false, (view, at, little) => view.getUint16(at, little)),
    i2: whole(2, true, (view, at, little) => view.getInt16(at, little)),
    u4: whole(4, false, (view, at, little) => view.getUint32(at, little)),
    i4: whole(4, true, (view, at, little) => view.getInt32(at, little)),
    u8: whole(8, false, (view, at, little) => Number(view.getBigUint64(at, little))),
    i8: whole(8, true, (view, at, little) => Number(view.getBigInt64(at, little))),
    f2: float(2, (view, at, little) => half(view.getUint16(at, little))),
    f4: float(4, (view, at, little) => view.getFloat32(at, little)),
    f8: float(8, (view, at, little) => view.getFloat64(at, little)),
  },
);

/** The value of a half-precision float (IEEE 754 binary16) by its bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
