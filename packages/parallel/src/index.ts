export * from './start_workers.js';
export * from './worker_error.js';
