// The library's tests on the backend with the kernels of @elbo/wasm. Its import comes first, so that the gradients are
// the library's own again, whose values are what the tests expect.
import { accelerateAll } from './accelerate.mjs';
import './environment.mjs';
import '@tensorflow/tfjs-core/dist/tests';
import { execute } from './execute.mjs';

accelerateAll();
execute();
