/** Thrown when the kernels cannot run here, or run out of memory. The message says what, and what to do. */
export class WasmError extends Error {
  override readonly name: string = 'WasmError';
}
