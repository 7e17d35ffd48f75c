export { addressOf, kindsOf, loadPlugin, type Plugin } from './plugins.js';
export * from './start_workers.js';
export * from './worker_error.js';
