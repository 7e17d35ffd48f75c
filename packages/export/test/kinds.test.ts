// Every kind of encoder, decoder and network, computed by independent readers as by us.
import { hasElbo } from '@elbo/objectives';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { decoderKinds, encoderKinds, networkKinds } from './kinds.js';
import { readers } from './readers.js';
import { expectSame, freed, stirredParams } from './support.js';

beforeAll(() => setBackend('cpu'));

describe.each(Object.entries({ encoderKinds, decoderKinds, networkKinds }))('%s', (_, kinds) => {
  it.each(Object.entries(kinds))('%s', async (_name, make) => {
    const { model, form, x } = make();
    const params = stirredParams(model, form);
    for (const part of ['encoder', 'decoder', 'scorer'] as const) {
      if (part === 'scorer' && !hasElbo(model)) continue;
      await expectSame({ model, params, form, part, x }, readers(part));
    }
    freed(params);
  });
});
