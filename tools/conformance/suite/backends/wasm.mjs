// The WebAssembly backend, on one thread.
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { register } from '../register.mjs';

const [, , , binaries] = process.argv;
setWasmPaths(binaries);
setThreadsCount(1);
await register({ name: 'wasm', backendName: 'wasm', isDataSync: true });
