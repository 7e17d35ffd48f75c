// The entry of a page that `browser.test.ts` bundles and opens.
import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, selectBackend } from '@elbo/backends';

Object.assign(globalThis, { elbo: { tf, describeBackends, selectBackend } });
