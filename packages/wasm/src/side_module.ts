import { binaries } from './generated/binaries.js';
import type { SideModule } from './side_exports.js';

/** A build of the side module: with relaxed SIMD or without, for memory that threads share or not. */
type Variant = keyof typeof binaries;

/** The instructions that a side module uses beyond the first WebAssembly's. */
export type Instructions = 'simd' | 'relaxed-simd';

/** (module (func (result v128) … f32x4.relaxed_madd of zeros)): valid where the engine has relaxed SIMD. */
const relaxedProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11],
);

/** The best instructions that this engine has. */
export function bestInstructions(): Instructions {
  return WebAssembly.validate(relaxedProbe) ? 'relaxed-simd' : 'simd';
}

const decode = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

function variantFor(instructions: Instructions, shared: boolean): Variant {
  if (instructions === 'simd') return shared ? 'sharedSimd' : 'simd';
  return shared ? 'sharedRelaxed' : 'relaxed';
}

/** Whether threads can share a memory. */
export const isShared = ({ buffer }: WebAssembly.Memory): boolean =>
  typeof SharedArrayBuffer === 'function' && buffer instanceof SharedArrayBuffer;

/** A side module in a memory, and what other threads make theirs of. */
export interface Loaded {
  readonly side: SideModule;
  readonly module: WebAssembly.Module;
}

/** Loads the side module into a backend's memory. */
export async function loadSideModule(
  memory: WebAssembly.Memory,
  instructions: Instructions,
): Promise<Loaded> {
  const binary = decode(binaries[variantFor(instructions, isShared(memory))]);
  // Not synchronously: a page's main thread refuses to compile more than a few kilobytes so.
  const { instance, module } = await WebAssembly.instantiate(binary, { env: { memory } });
  return { side: instance.exports as unknown as SideModule, module };
}
