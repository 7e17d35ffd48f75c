import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';

setThreadsCount(1);

/** The backends that tests run on. */
export const backends = ['cpu', 'wasm'] as const;
