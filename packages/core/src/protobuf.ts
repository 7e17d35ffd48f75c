/** Fields of a protocol buffer's message, encoded. */
export type ProtobufMessage = readonly Uint8Array[];

const text = new TextEncoder();

/** Seven bits a byte, the lowest first; negative numbers as 64 bits of two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...bytes, Number(rest));
}

const tag = (field: number, wire: 0 | 2 | 5): Uint8Array => varint(field * 8 + wire);

const sized = (field: number, bytes: Uint8Array): ProtobufMessage => [
  tag(field, 2),
  varint(bytes.length),
  bytes,
];

/** The bytes of a message. */
export function protobufBytes(message: ProtobufMessage): Uint8Array {
  const bytes = new Uint8Array(message.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of message) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Fields of a message, each by its number and the type that its definition gives it. */
export const protobufField = {
  /** An enumeration, a boolean or an integer. */
  int: (number: number, value: number): ProtobufMessage => [tag(number, 0), varint(value)],
  float: (number: number, value: number): ProtobufMessage => {
    const bytes = new DataView(new ArrayBuffer(4));
    bytes.setFloat32(0, value, true);
    return [tag(number, 5), new Uint8Array(bytes.buffer)];
  },
  bytes: (number: number, value: Uint8Array): ProtobufMessage => sized(number, value),
  string: (number: number, value: string): ProtobufMessage => sized(number, text.encode(value)),
  message: (number: number, value: ProtobufMessage): ProtobufMessage =>
    sized(number, protobufBytes(value)),
};
