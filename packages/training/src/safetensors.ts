import { FileError, sizeOf, type Shape } from '@elbo/core';
import * as v from 'valibot';

/** A named float32 array on the host. */
export interface HostTensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** The content of a safetensors file. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const prefixBytes = 8;
const maxHeaderBytes = 100_000_000;

const headerSchema = v.objectWithRest(
  { __metadata__: v.optional(v.record(v.string(), v.string())) },
  v.object({
    dtype: v.string(),
    shape: v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
    data_offsets: v.tuple([
      v.pipe(v.number(), v.safeInteger()),
      v.pipe(v.number(), v.safeInteger()),
    ]),
  }),
);

/**
 * The bytes of a safetensors file (format 0.x of the `safetensors` library: a little-endian u64 header length, a JSON
 * header, then the raw values). Tensors lie in the order given, without gaps.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces up to a multiple of eight keep the values aligned, as the format asks.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(prefixBytes + headerBytes + offset);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, headerBytes, true);
  bytes.set(json, prefixBytes);
  bytes.fill(0x20, prefixBytes + json.length, prefixBytes + headerBytes);
  let at = prefixBytes + headerBytes;
  for (const { values } of tensors.values())
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  return bytes;
}

/**
 * Reads a safetensors file and checks all of it: lengths, types, shapes, that tensors neither overlap nor leave gaps.
 *
 * @param where Names the file in errors.
 * @throws FileError that says what is wrong with which file.
 */
export function decodeSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const fail = (what: string): never => {
    throw new FileError(
      `${where} is not a whole safetensors file: ${what}. Use another checkpoint.`,
    );
  };
  if (bytes.length < prefixBytes)
    fail(`it has ${bytes.length} bytes, fewer than its header's length takes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  const begin = prefixBytes + headerBytes;
  if (headerBytes > maxHeaderBytes || begin > bytes.length)
    fail(`its header should take ${headerBytes} bytes, and ${bytes.length - prefixBytes} follow`);

  let json: unknown;
  try {
    json = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(prefixBytes, begin)),
    );
  } catch {
    fail('its header is not JSON');
  }
  const parsed = v.safeParse(headerSchema, json);
  if (!parsed.success)
    return fail(`its header has '${v.getDotPath(parsed.issues[0]) ?? ''}' of the wrong form`);
  const { __metadata__: metadata = {}, ...entries } = parsed.output;

  const tensors = new Map<string, HostTensor>();
  let expected = 0;
  const inOrder = Object.entries(entries).sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0],
  );
  for (const [name, { dtype, shape, data_offsets }] of inOrder) {
    const [from, to] = data_offsets;
    if (dtype !== 'F32') fail(`tensor '${name}' has type ${dtype}, and only F32 is read`);
    if (from !== expected) fail(`tensor '${name}' begins at ${from}, not at ${expected}`);
    if (to - from !== sizeOf(shape) * 4)
      fail(
        `tensor '${name}' of shape [${shape.join(', ')}] should take ${sizeOf(shape) * 4} bytes, not ${to - from}`,
      );
    if (begin + to > bytes.length)
      fail(`it ends ${begin + to - bytes.length} bytes before the end of tensor '${name}'`);
    const values = new Float32Array((to - from) / 4);
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(begin + from + 4 * i, true);
    tensors.set(name, { shape, values });
    expected = to;
  }
  if (begin + expected !== bytes.length)
    fail(`${bytes.length - begin - expected} bytes follow the last tensor`);
  return { tensors, metadata };
}
