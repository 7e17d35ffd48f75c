// The backend in plain JavaScript.
import '@tensorflow/tfjs-backend-cpu';
import { register } from '../register.mjs';

await register({ name: 'cpu', backendName: 'cpu', isDataSync: true });
