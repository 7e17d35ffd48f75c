// The library's tests on the backend with the kernels of @elbo/wasm and the library's own gradients, whose values are what
// the tests expect.
import './environment.mjs';
import { accelerateAll } from './accelerate.mjs';
import '@tensorflow/tfjs-core/dist/tests';
import { execute } from './execute.mjs';

accelerateAll();
execute();
