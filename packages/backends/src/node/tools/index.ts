export { buildNative, type BuildOptions, type Built } from './build_native.js';
export { examine } from './doctor.js';
export type { Finding } from './finding.js';
