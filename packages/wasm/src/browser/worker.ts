import { serve, type Assignment } from '../threads/serve.js';

globalThis.onmessage = ({ data }: MessageEvent<Assignment>) => {
  serve(data, () => {
    globalThis.postMessage('ready');
  });
};
