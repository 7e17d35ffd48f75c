import * as tf from '@tensorflow/tfjs-core'; import '@tensorflow/tfjs-backend-wasm';
import { run } from './bench/gradients.bench.mjs';
console.log((await run({repeats:15})).rows);
tf.unregisterKernel('Identity','wasm'); tf.registerKernel({kernelName:'Identity',backendName:'wasm',kernelFunc:({inputs:{x},backend})=>{backend.incRef(x.dataId); return {dataId:x.dataId,shape:x.shape,dtype:x.dtype};}});
console.log('shared', (await run({repeats:15})).rows);
const p = await tf.profile(()=>{}); 
