import { serve, type Assignment } from '../serve.js';

globalThis.onmessage = ({ data }: MessageEvent<Assignment>) => {
  serve(data, () => {
    globalThis.postMessage('ready');
  });
};
