// Builds the binding of @tensorflow/tfjs-node-gpu: node build.mjs TENSORFLOW PROJECT.
import { buildNative } from '@elbo/backends/node';

const [tensorflow, resolveFrom] = process.argv.slice(2);
const built = await buildNative({
  tensorflow,
  resolveFrom,
  package: '@tensorflow/tfjs-node-gpu',
  note: console.log,
});
console.log(`TensorFlow ${built.library}: ${built.gpu ? 'on a GPU' : built.noGpu}`);
process.exitCode = built.gpu ? 0 : 1;
