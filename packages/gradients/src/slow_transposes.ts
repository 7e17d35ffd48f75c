/**
 * Names of the backends whose product of a transposed operand is so slow that the gradient of a
 * matrix product had better transpose first. On the stock WebAssembly backend such products run in a
 * scalar loop, at a tenth of the speed. A package that registers a better `BatchMatMul` for a
 * backend takes it out: `slowTransposes.delete('wasm')`.
 */
export const slowTransposes: Set<string> = new Set<string>(['wasm']);
