// TensorFlow, by @tensorflow/tfjs-node.
import { register } from '../register.mjs';
import './removed_functions.mjs';
import '@tensorflow/tfjs-node';

await register({ name: 'node', backendName: 'tensorflow', isDataSync: true });
