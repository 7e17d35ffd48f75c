import { messageOf } from '@elbo/core';

/** What backends say, each in its own words: WebAssembly and WebGPU, TensorFlow, and JavaScript's own arrays. */
const words = /out of memory|OOM when allocating|RESOURCE_EXHAUSTED|buffer allocation failed/i;

/** Whether something was thrown because there was no memory left for a tensor. */
export const isOutOfMemory = (thrown: unknown): boolean => words.test(messageOf(thrown));
