// Where the library's tests run: jasmine, and the WebAssembly backend on one thread. Imported before the tests, which
// are declared for the environments that are known by then.
import jasmineRequire from 'jasmine-core';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
// The tests expect gradients; the library's entry for Node leaves them out.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { registerTestEnv } from '@tensorflow/tfjs-core/dist/jasmine_util';

export const jasmine = jasmineRequire.boot(jasmineRequire);

const [, , , binaries] = process.argv;
setWasmPaths(binaries);
setThreadsCount(1);
registerTestEnv({ name: 'wasm', backendName: 'wasm', isDataSync: true });
