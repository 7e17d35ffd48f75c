import { parentPort } from 'node:worker_threads';
import { serve, type Assignment } from '../threads/serve.js';

const port = parentPort!;

// In a turn of the event loop, so that the thread that started this one can see whether it lives (`hasEnded`).
port.once('message', (assignment: Assignment) => {
  serve(assignment, () => {
    port.postMessage('ready');
  });
});
