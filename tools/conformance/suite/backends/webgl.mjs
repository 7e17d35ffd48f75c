// WebGL, in a page.
import { register } from '../register.mjs';
import '@tensorflow/tfjs-backend-webgl';

await register({ name: 'webgl', backendName: 'webgl', isDataSync: true });
