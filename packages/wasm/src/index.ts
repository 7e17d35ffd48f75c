export { accelerate, type AccelerateOptions, type Acceleration } from './accelerate.js';
export { WasmError } from './errors.js';
export { heapValues } from './heap_values.js';
export { shareMemory } from './share_memory.js';
export type { Instructions } from './side_module.js';
