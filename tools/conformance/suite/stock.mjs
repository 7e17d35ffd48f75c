// The library's tests on the backend as it is published.
import './environment.mjs';
import '@tensorflow/tfjs-core/dist/tests';
import { execute } from './execute.mjs';

execute();
