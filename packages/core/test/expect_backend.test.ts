import { registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { BackendError, expectBackend } from '../src/index.js';

it('says how to choose a backend where there is none, or one is still starting', () => {
  const refused = (): void => {
    expect(() => {
      expectBackend('model.init');
    }).toThrow(BackendError);
    expect(() => {
      expectBackend('model.init');
    }).toThrow(/^model.init: no backend is ready. Write `await selectBackend\(\)`/);
  };
  refused();
  registerBackend('slow', () => new Promise(() => undefined));
  refused();
  removeBackend('slow');
});
