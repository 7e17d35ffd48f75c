import {
  createRegistry,
  decodeSafetensors,
  disposeTree,
  encodeSafetensors,
  priorKinds,
  type Kind,
} from '@elbo/core';
import {
  generatorOf,
  hasElbo,
  objectiveKinds,
  type Batch,
  type Model,
  type ModelParams,
} from '@elbo/objectives';
import { key, normal } from '@elbo/random';
import { decoderKinds } from '@elbo/decoders';
import { networkKinds } from '@elbo/networks';
import { adam } from '@elbo/optimisers';
import { fourPixels } from '@elbo/datasets';
import { train } from '@elbo/training';
import '@tensorflow/tfjs-backend-cpu';
import { dispose, memory, setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeModel, loadModel, recipes, standard } from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const form = { shape: [3] };
const moments = { mean: [1, -2, 30], sd: [1, 0.5, 4] };

/** A model by name, of columns in units of their own, with parameters as they are drawn. */
function made(
  name: string,
  options: Readonly<Record<string, unknown>> = { hidden: [6], latent: 2 },
): { readonly model: Model; readonly params: ModelParams } {
  const recipe = recipes.find((one) => one.name === name)!;
  const traits = { ...form, unit: false, moments, classes: 3 };
  const { model } = recipe.build(traits, options, { steps: 10, batchSize: 4 });
  return { model, params: model.init(key(3), form.shape) };
}

const batch = (): Batch => ({ x: tensor(normal(key(4), 15), [5, 3]) });
const bits = (values: Tensor): readonly number[] => [
  ...new Uint32Array(values.dataSync<'float32'>().slice().buffer),
];

/** Every test frees what it made. */
let before = 0;
beforeEach(() => {
  before = memory().numTensors;
});
afterEach(() => {
  expect(memory().numTensors).toBe(before);
});
const freed = ({ primal, dual }: ModelParams): void => {
  disposeTree({ ...primal, dual });
};

describe('a model as a file', () => {
  it.each([
    ['vae', undefined],
    ['vae', { hidden: [6], latent: 2, prior: 'vamp', components: 2 }],
    ['vae', { hidden: [6], latent: 2, prior: 'mixture', components: 2 }],
    ['iwae', undefined],
    ['avb', { hidden: [6], latent: 2, noise: 2, features: 4 }],
    ['aae', { hidden: [6], latent: 2, features: 4 }],
    ['aae-semi', { hidden: [6], style: 2, features: 6 }],
    ['wvae', undefined],
    ['avae', undefined],
    ['vae-gan', undefined],
    ['gan', undefined],
    ['bigan', undefined],
  ])('%s %o: whatever it is used for is the same to the bit', async (name, options) => {
    const { model, params } = made(name, options);
    const rows = batch();
    const loaded = await loadModel(await encodeModel(model, params, form), standard);
    expect(loaded.model.config).toEqual(model.config);
    expect(loaded.data).toEqual(form);
    const uses: ((of: { model: Model; params: ModelParams }) => Tensor)[] = [
      (of) => of.model.sample(of.params.primal, key(5), 4),
      ...(model.encoder
        ? [
            (of: { model: Model; params: ModelParams }): Tensor =>
              of.model.encode(of.params.primal, rows, key(6)),
            (of: { model: Model; params: ModelParams }): Tensor =>
              of.model.reconstruct(of.params.primal, rows, key(7)),
          ]
        : []),
      ...(hasElbo(model)
        ? [
            (of: { model: Model; params: ModelParams }): Tensor =>
              of.model.score(of.params, rows, key(8)),
          ]
        : []),
    ];
    for (const use of uses) {
      const [ours, theirs] = [use({ model, params }), use(loaded)];
      expect(bits(theirs)).toEqual(bits(ours));
      dispose([ours, theirs]);
    }
    loaded.dispose();
    freed(params);
    rows.x.dispose();
  });

  it('adversaries are in it where the ELBO is what they estimate, and optimisers never', async () => {
    const partsOf = async (name: string): Promise<readonly string[]> => {
      const { model, params } = made(name, { hidden: [6], latent: 2 });
      const { tensors } = decodeSafetensors(await encodeModel(model, params, form), 'it');
      freed(params);
      return [...new Set([...tensors.keys()].map((path) => path.split('/')[0]!))].sort();
    };
    expect(await partsOf('avb')).toEqual(['decoder', 'dual', 'encoder']);
    expect(await partsOf('gan')).toEqual(['decoder']);
    expect(await partsOf('vae')).toEqual(['decoder', 'encoder']);
  });
});

/** What builds a decoder and a prior. */
const generators: readonly Kind[] = [
  ...objectiveKinds,
  ...priorKinds,
  ...decoderKinds,
  ...networkKinds,
];

describe('a part of a model as a file', () => {
  it.each(['normal', 'mixture'])(
    'a decoder draws what the whole model draws, with a %s prior, and needs no kind of encoder',
    async (prior) => {
      const { model, params } = made('vae', { hidden: [6], latent: 2, prior });
      const bytes = await encodeModel(model, params, form, { part: 'decoder' });
      const loaded = await loadModel(bytes, createRegistry(...generators));
      const ours = model.sample(params.primal, key(5), 4);
      const theirs = loaded.model.sample(loaded.params.primal, key(5), 4);
      expect(bits(theirs)).toEqual(bits(ours));
      expect(loaded.model.encoder).toBeUndefined();
      const rows = batch();
      expect(() => loaded.model.encode(loaded.params.primal, rows, key(1))).toThrow(
        /without an encoder/,
      );
      dispose([ours, theirs, rows.x]);
      loaded.dispose();
      freed(params);
    },
  );

  it('there is nothing to train of a decoder alone', () => {
    const { model: whole, params } = made('vae');
    const model = generatorOf(whole);
    const options = { steps: 1, batchSize: 1, seed: 1, primal: adam(1e-3) };
    expect(() => train(model, fourPixels(), options)).toThrow(/has no terms/);
    freed(params);
  });

  it('a decoder whose prior is made of the encoder is refused', async () => {
    const { model, params } = made('vae', { hidden: [6], latent: 2, prior: 'vamp', components: 2 });
    await expect(encodeModel(model, params, form, { part: 'decoder' })).rejects.toThrow(
      /prior 'vamp' is made of the encoder/,
    );
    freed(params);
  });

  it('an encoder makes the same codes, and says what it is that cannot decode', async () => {
    const { model, params } = made('avb', { hidden: [6], latent: 2, noise: 2, features: 4 });
    const bytes = await encodeModel(model, params, form, { part: 'encoder' });
    const loaded = await loadModel(bytes, standard);
    const rows = batch();
    const ours = model.encode(params.primal, rows, key(6));
    const theirs = loaded.model.encode(loaded.params.primal, rows, key(6));
    expect(bits(theirs)).toEqual(bits(ours));
    expect(() => loaded.model.decode(loaded.params.primal, theirs as never)).toThrow(
      /holds encoder alone, and this needs the decoder/,
    );
    dispose([ours, theirs, rows.x]);
    loaded.dispose();
    freed(params);
  });

  it('a model without an encoder has none to write', async () => {
    const { model, params } = made('gan');
    await expect(encodeModel(model, params, form, { part: 'encoder' })).rejects.toThrow(
      /has no encoder/,
    );
    freed(params);
  });
});

describe('where a model comes from', () => {
  const whole = async (): Promise<Uint8Array> => {
    const { model, params } = made('vae');
    const bytes = await encodeModel(model, params, form);
    freed(params);
    return bytes;
  };

  it('an address, what was fetched, a buffer', async () => {
    const bytes = await whole();
    const address = new URL(`data:;base64,${Buffer.from(bytes).toString('base64')}`);
    const sources = [address, new Response(bytes as never), bytes.slice().buffer];
    for (const source of sources) {
      const loaded = await loadModel(source, standard);
      expect(loaded.model.config.kind).toBe('standardised');
      loaded.dispose();
    }
  });

  it('what is not one is refused, and leaves nothing on the device', async () => {
    const bytes = await whole();
    const { tensors, metadata } = decodeSafetensors(bytes, 'it');
    const [first, { shape, values }] = [...tensors][0]!;
    const changed = (changes: Record<string, string>): Uint8Array =>
      encodeSafetensors({ tensors, metadata: { ...metadata, ...changes } });
    const without = new Map([...tensors].filter(([name]) => name !== first));
    const refused: [Parameters<typeof loadModel>[0], RegExp][] = [
      [bytes.slice(0, -1), /not a whole safetensors file/],
      [new Response('', { status: 404, statusText: 'Not Found' }), /404 Not Found/],
      [new URL('file:///model.safetensors'), /give its bytes: loadModel\(await readFile/],
      [changed({ format: 'elbo-checkpoint' }), /is a checkpoint/],
      [changed({ version: '2' }), /no model that this version can read/],
      [changed({ config: '{"kind":"vea"}' }), /did you mean 'vae'/],
      [changed({ data: '{"shape":[4]}' }), /'shape'|shape \[|places/],
      [encodeSafetensors({ tensors: without, metadata }), /tensor '.*' is missing/],
      [
        encodeSafetensors({
          tensors: new Map([
            ...tensors,
            ['decoder/more', { shape: [1], values: new Float32Array(1) }],
          ]),
          metadata,
        }),
        /'decoder\/more' is none of its parameters/,
      ],
      [
        encodeSafetensors({
          tensors: new Map([...tensors, [first, { shape, values: values.map(() => NaN) }]]),
          metadata,
        }),
        /not finite/,
      ],
    ];
    for (const [source, message] of refused)
      await expect(loadModel(source, standard), String(message)).rejects.toThrow(message);
  });
});
