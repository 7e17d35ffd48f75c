export type { Additions } from './known.js';
export { main } from './program.js';
