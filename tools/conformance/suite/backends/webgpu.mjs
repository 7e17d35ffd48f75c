// WebGPU, by the package webgpu: a page's globals before the backend, which looks for them as it loads.
import './dawn.mjs';
import { register } from '../register.mjs';
import '@tensorflow/tfjs-backend-webgpu';

await register({ name: 'webgpu', backendName: 'webgpu', isDataSync: false });
