export { buildDataset, buildSets, type BuildOptions } from './build_dataset.js';
export { deriveSets, type SetsConfig } from './derive_sets.js';
export { cacheFolder } from './folders.js';
export { catalogue, loadDataset } from './load_dataset.js';
export { readImage, type ImageReading } from './image_folder/read_image.js';
export { loadSets, splitsOf } from './load_sets.js';
export { loadTable, type LoadedTable } from './load_table.js';
export type { DownloadProgress, FileOptions, LoadOptions, Reading } from './options.js';
export { readsNamedFiles } from './reads_named_files.js';
