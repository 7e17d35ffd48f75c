export { accelerate, type Acceleration } from './accelerate.js';
export { WasmError } from './errors.js';
export type { Instructions } from './side_module.js';
