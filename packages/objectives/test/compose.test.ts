import {
  CompositionError,
  createRegistry,
  cyclical,
  defineKind,
  priorKinds,
  scheduleKinds,
  standardNormal,
  type Config,
} from '@elbo/core';
import '@elbo/gradients';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { scalar, setBackend, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  compose,
  decoderCategory,
  encoderCategory,
  evaluateTerms,
  kl,
  measure,
  modelCategory,
  objectiveKinds,
  reconstruction,
  term,
  weight,
  type Encoder,
} from '../src/index.js';
import { decoder, exactEncoder, prior, someRows } from './world.js';

const parts = { prior, encoder: exactEncoder, decoder };
const sampledOnly: Encoder<'posterior'> = { ...exactEncoder, offers: ['posterior'] };
const adversary = term({
  config: { kind: 'test' },
  name: 'game',
  role: 'regulariser',
  onData: true,
  needs: [],
  adversary: { parts: [], init: () => ({ w: scalar(0) }) },
  evaluate: () => ({ cost: () => scalar(0), loss: () => scalar(0) }),
});
const bound = term({
  config: { kind: 'test' },
  name: 'bound',
  role: 'bound',
  needs: ['posterior'],
  evaluate: () => ({ cost: () => scalar(1) }),
});

beforeAll(async () => {
  await setBackend('cpu');
});

describe('compose', () => {
  it('refuses what makes no objective, and says why', () => {
    const refused: [() => unknown, RegExp][] = [
      [() => compose({ ...parts, terms: [kl()] }), /Nothing ties this model to the data/],
      // An adversary that is about z.
      [
        () => compose({ ...parts, terms: [{ ...adversary, onData: false }] }),
        /Nothing ties this model to the data/,
      ],
      [() => compose({ ...parts, terms: [reconstruction(), bound] }), /reconstruction and bound/],
      [() => compose({ ...parts, terms: [bound, kl()] }), /'kl' would count it twice/],
      [
        () => compose({ ...parts, terms: [reconstruction(), kl(), kl()] }),
        /Two terms are named 'kl'/,
      ],
      // What a file can say and the compiler would refuse:
      [
        // @ts-expect-error the KL of a posterior without a density
        () => compose({ ...parts, encoder: sampledOnly, terms: [reconstruction(), kl()] }),
        /'kl' needs logProb, but the encoder 'exact' offers posterior/,
      ],
      [
        // @ts-expect-error a reconstruction without an encoder
        () => compose({ prior, decoder, terms: [reconstruction(), adversary] }),
        /'reconstruction' needs posterior, but there is no encoder/,
      ],
      [
        () => compose({ ...parts, prior: standardNormal(3), terms: [reconstruction(), kl()] }),
        /dimension 2 and the prior is over 3/,
      ],
    ];
    for (const [make, message] of refused) {
      expect(make).toThrow(CompositionError);
      expect(make).toThrow(message);
    }
  });

  it('accepts an encoder that offers more than is needed, and a model of an adversary alone', () => {
    expect(compose({ ...parts, terms: [reconstruction()] }).offers).toContain('moments');
    expect(compose({ prior, decoder, terms: [adversary] }).encoder).toBeUndefined();
  });

  it('reports no ELBO of divergences alone', () => {
    const model = compose({ ...parts, terms: [adversary, kl()] });
    const params = model.init(key(1), [3]);
    const { x } = someRows(4);
    const measured = measure(model, params, { x }, { step: 0, key: key(2) });
    expect(Object.keys(measured)).toEqual(['game', 'game/loss', 'kl']);
    expect(() => model.elbo(params, { x }, key(2))).toThrow(CompositionError);
  });

  it('has no posterior to read without an encoder, and says so', () => {
    const model = compose({ prior, decoder, terms: [adversary] });
    const { primal } = model.init(key(1), [3]);
    expect(() => model.encode(primal, { x: someRows(4).x }, key(2))).toThrow(CompositionError);
  });

  it('weights the objective and not the reported ELBO', () => {
    const measure = (model: ReturnType<typeof compose>) =>
      tidy(() => {
        const params = model.init(key(1), [3]);
        const forward = model.forward(
          params.primal,
          { x: someRows(4).x },
          { step: 250, key: key(2), training: true },
        );
        const evaluated = evaluateTerms(model, forward, params.dual);
        const read = {
          loss: evaluated.primal(),
          ...evaluated.measure({ primal: true, dual: true }),
        };
        forward.dispose();
        return Object.fromEntries(
          Object.entries(read).map(([name, t]) => [name, t.dataSync()[0]!]),
        );
      }) as unknown as Record<'loss' | 'elbo' | 'kl' | 'reconstruction', number>;
    const plain = measure(compose({ ...parts, terms: [reconstruction(), kl()] }));
    // Step 250 of a period of 1000 that ramps over its first half: β = 0.5.
    const half = measure(
      compose({ ...parts, terms: [reconstruction(), weight(kl(), cyclical({ period: 1000 }))] }),
    );
    expect(half.elbo).toBe(plain.elbo);
    expect(plain.loss).toBeCloseTo(-plain.elbo, 5);
    expect(half.loss).toBeCloseTo(half.reconstruction + 0.5 * half.kl, 5);
  });

  it('is rebuilt from its config, to the bit', () => {
    const registry = createRegistry(
      ...objectiveKinds,
      ...scheduleKinds,
      ...priorKinds,
      defineKind('exact', encoderCategory, {}, () => exactEncoder),
      defineKind('linear', decoderCategory, {}, () => decoder),
    );
    const model = compose({
      ...parts,
      terms: [reconstruction(), weight(kl({ estimator: 'sample' }), cyclical({ period: 10 }))],
    });
    const config = JSON.parse(JSON.stringify(model.config)) as Config;
    const again = registry.build(modelCategory, config);
    expect(again.config).toEqual(model.config);
    const { x } = someRows(4);
    const elbo = (m: typeof again): number[] =>
      m.elbo(m.init(key(1), [3]), { x }, key(2)).arraySync();
    expect(elbo(again)).toEqual(elbo(model));
  });

  it('names the misspelt term of a file', () => {
    const config = {
      kind: 'composed',
      prior: prior.config,
      decoder: { kind: 'linear' },
      terms: [{ kind: 'reconstructoin' }],
    };
    const registry = createRegistry(
      ...objectiveKinds,
      ...priorKinds,
      defineKind('linear', decoderCategory, {}, () => decoder),
    );
    expect(() => registry.build(modelCategory, config)).toThrow(
      /no term 'reconstructoin'; did you mean 'reconstruction'/,
    );
  });
});
