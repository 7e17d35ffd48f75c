export { addressOf, kindsOf, loadPlugin, type Plugin } from './plugins.js';
export { startWorkers, type Workers, type WorkersOptions } from './start_workers.js';
export { WorkerError } from './worker_error.js';
