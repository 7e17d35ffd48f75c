// The library's tests on the backend with the kernels of @elbo/wasm and the gradients of @elbo/gradients, which come
// after the library's own and replace them: as a user of both has it.
import './environment.mjs';
import '@elbo/gradients';
import { accelerateAll } from './accelerate.mjs';
import '@tensorflow/tfjs-core/dist/tests';
import { execute } from './execute.mjs';

accelerateAll();
execute();
