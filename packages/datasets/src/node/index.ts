export * from './options.js';
export { cacheFolder } from './folders.js';
export * from './loadDataset.js';
export * from './buildDataset.js';
