// The binary of the stock backend defines its own memory: one that grows, and that other threads cannot share. Memories
// that they can share differ by one flag. Nothing else of the binary needs to know, for only one thread ever runs it; the others
// run the side module.

/** A binary that is known: the SHA-256 of its bytes, and the place of its memory's flags. */
interface Known {
  readonly digest: string;
  readonly flags: number;
}

/** Of @tensorflow/tfjs-backend-wasm 4.22: tfjs-backend-wasm-simd.wasm. */
const known: readonly Known[] = [
  { digest: '77ebb28a6d34f371dbbf2086b7f2de8994acd8ea5a3cf1fa24d2c26c840cac7b', flags: 1716 },
];

/** Flags of a memory with a maximum: alone, and shared. */
const [bounded, boundedAndShared] = [1, 3];

async function digestOf(binary: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', binary));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The binary of the WebAssembly backend (`tfjs-backend-wasm-simd.wasm`) with a memory that threads share, for `accelerate({
 * threads })`; `undefined` for a version that is not known. Start the backend with it: `setWasmPaths` takes the address of a
 * blob. It computes the same in a process or page that has `SharedArrayBuffer`, and does not start elsewhere.
 */
export async function shareMemory(
  binary: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const digest = await digestOf(binary);
  const found = known.find((one) => one.digest === digest);
  if (!found || binary[found.flags] !== bounded) return undefined;
  const shared = binary.slice();
  shared[found.flags] = boundedAndShared;
  return shared;
}
