export { appender, type Appender } from './appender.js';
export { createWhole } from './create_whole.js';
export { codeOf, explain, isMissing, reasonOf } from './explain.js';
export { fileStore, type FileStoreOptions } from './file_store.js';
export { inTurn, takeLease, type Lease } from './lease.js';
export { makeFolder } from './make_folder.js';
export { readJson } from './read_json.js';
export { readWhole, type ReadOptions } from './read_whole.js';
export { writeWhole } from './write_whole.js';
