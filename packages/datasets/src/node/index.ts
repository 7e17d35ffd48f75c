export * from './options.js';
export { cacheFolder } from './folders.js';
export * from './loadDataset.js';
export * from './buildDataset.js';
export { loadSets } from './load_sets.js';
export { deriveSets, type SetsConfig } from './derive_sets.js';
export { readsNamedFiles } from './reads_named_files.js';
