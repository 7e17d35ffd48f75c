/** A segment of a JPEG file. */
export const segment = (marker: number, data: ArrayLike<number>): number[] => [
  0xff,
  marker,
  (data.length + 2) >> 8,
  (data.length + 2) & 255,
  ...Array.from(data),
];

/**
 * A baseline JPEG of one grey block, every symbol a code of 8 bits that is the symbol itself, and all steps of quantisation 1.
 *
 * @param mean its first coefficient.
 * @param k,value another coefficient's place in the order of the file, and its positive value.
 * @param before segments in front of the frame.
 * @param scans how often the same scan is sent.
 */
export function jpegOf({
  mean = 0,
  k = 0,
  value = 1,
  before = [],
  scans = 1,
}: {
  readonly mean?: number;
  readonly k?: number;
  readonly value?: number;
  readonly before?: readonly number[];
  readonly scans?: number;
}): Uint8Array {
  const byte = (of: number): string => of.toString(2).padStart(8, '0');
  const sized = (of: number): number => Math.abs(of).toString(2).length;
  // One below 0 is written as its ones' complement (ITU-T T.81, F.1.2.1).
  const extra = (of: number, size: number): string =>
    (of > 0 ? of : of + 2 ** size - 1).toString(2).padStart(size, '0');
  const size = mean === 0 ? 0 : sized(mean);
  let bits = byte(size) + (size === 0 ? '' : extra(mean, size));
  if (k > 0) {
    const zeros = k - 1;
    bits += byte(0xf0).repeat(zeros >> 4);
    bits += byte(((zeros & 15) << 4) | sized(value)) + extra(value, sized(value));
  }
  if (k < 63) bits += byte(0);
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  const data = (padded.match(/.{8}/g) ?? []).flatMap((each) =>
    each === '11111111' ? [0xff, 0] : [Number.parseInt(each, 2)],
  );
  const codes = (name: number, count: number): number[] =>
    segment(0xc4, [
      name,
      ...Array.from({ length: 16 }, (_, i) => (i === 7 ? count : 0)),
      ...Array.from({ length: count }, (_, i) => i),
    ]);
  const scan = [...segment(0xda, [1, 1, 0, 0, 63, 0]), ...data];
  return Uint8Array.from([
    ...[0xff, 0xd8, ...before],
    ...segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    ...segment(0xc0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
    ...codes(0, 12),
    ...codes(0x10, 255),
    ...Array.from({ length: scans }, () => scan).flat(),
    ...[0xff, 0xd9],
  ]);
}
