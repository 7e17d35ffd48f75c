import { CompositionError, normal, standardNormal } from '@elbo/core';
import {
  adversarialX,
  compose,
  hasElbo,
  kl,
  measure,
  r1,
  reconstruction,
  type Decoder,
  type Encoder,
} from '@elbo/objectives';
import { key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { add, zerosLike, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { avae, cvaeGan, featureMatching, featureReconstruction, vaeGan } from '../src/index.js';
import { classes, data, fresh, gradientsFor, ofClasses, ofData, parts } from './support.js';

beforeAll(useWasm);

const rules = { discriminator: ofData, penalties: [r1()] } as const;
const nonZero = (values: readonly number[]): boolean => values.some((value) => value !== 0);

describe('the adversary', () => {
  it.each([avae, vaeGan])('of $name has no part in what trains the encoder, to the bit', (make) => {
    const [without, with_] = [0, 100].map((gamma) =>
      gradientsFor(make({ ...parts, ...rules, gamma })),
    );
    expect(with_!.encoder).toEqual(without!.encoder);
    expect(nonZero(with_!.encoder)).toBe(true);
    expect(with_!.decoder).not.toEqual(without!.decoder);
  });

  it('learns by its own loss alone: feature terms leave no trace in its gradient', () => {
    const alone = compose({ ...parts, terms: [adversarialX({ ...rules, against: 'both' })] });
    const shared = gradientsFor(vaeGan({ ...parts, ...rules })).dual;
    expect(shared).toEqual(gradientsFor(alone).dual);
    expect(nonZero(shared)).toBe(true);
  });
});

describe('features', () => {
  it('in place of pixels train encoder and decoder', () => {
    const { encoder, decoder } = gradientsFor(vaeGan({ ...parts, ...rules, beta: 0, gamma: 0 }));
    expect(nonZero(encoder)).toBe(true);
    expect(nonZero(decoder)).toBe(true);
  });

  it('when matched train the decoder only', () => {
    const of = (matching: number) =>
      gradientsFor(cvaeGan({ ...parts, discriminator: ofClasses, matching }));
    const [without, with_] = [of(0), of(10)];
    expect(with_.encoder).toEqual(without.encoder);
    expect(with_.decoder).not.toEqual(without.decoder);
    expect(with_.dual).toEqual(without.dual);
  });

  /** A model that reconstructs x + shift. */
  const echo = (shift: number) => {
    const encoder: Encoder<'posterior'> = {
      config: { kind: 'itself' },
      offers: ['posterior'],
      latent: 6,
      init: () => ({}),
      posterior: (_params, _mode, x) => ({ sample: () => x as Tensor2D }),
    };
    const decoder: Decoder = {
      config: { kind: 'shifted' },
      init: () => ({}),
      likelihood: (_params, _mode, z) => normal(add(z, shift), zerosLike(z)),
    };
    return compose({
      prior: standardNormal(6),
      encoder,
      decoder,
      terms: [adversarialX(rules), featureReconstruction({ discriminator: ofData })],
    });
  };
  const distance = (shift: number): number => {
    const model = echo(shift);
    const found = measure(model, fresh(model), { x: data() }, { step: 0, key: key(1) });
    return found['feature-reconstruction']!.dataSync<'float32'>()[0]!;
  };

  it('are at no distance where the reconstruction is x, and at more the worse it is', () => {
    expect(distance(0)).toBe(0);
    expect(distance(0.1)).toBeGreaterThan(0);
    expect(distance(0.5)).toBeGreaterThan(distance(0.1));
  });

  it('are at half the squared distance, summed over features', () => {
    /** x itself for features. */
    const itself = { ...ofData, features: (_: unknown, __: unknown, x: Tensor) => x as Tensor2D };
    const shift = 0.5;
    const model = echo(shift);
    const terms = [
      adversarialX(rules),
      featureReconstruction({ discriminator: itself }),
      featureMatching({ discriminator: itself }),
    ];
    const always: Decoder = {
      ...model.decoder,
      likelihood: (_params, _mode, z) => normal(add(zerosLike(z), shift), zerosLike(z)),
    };
    const of = (decoder: Decoder, metric: string): number => {
      const encoder = model.encoder as Encoder<'posterior'>;
      const own = compose({ prior: model.prior, encoder, decoder, terms });
      const found = measure(own, fresh(own), { x: data() }, { step: 0, key: key(1) });
      return found[metric]!.dataSync<'float32'>()[0]!;
    };
    // Six features, each off by the shift.
    expect(of(model.decoder, 'feature-reconstruction')).toBeCloseTo(0.5 * 6 * shift ** 2, 5);
    // A decoder that always makes the same is as far as the mean row is.
    const rows = data().arraySync();
    const means = rows[0]!.map((_, d) => rows.reduce((sum, row) => sum + row[d]!, 0) / rows.length);
    const apart = means.reduce((sum, mean) => sum + (mean - shift) ** 2, 0);
    expect(of(always, 'feature-matching')).toBeCloseTo(apart / 2, 5);
  });

  it('compare data with what is made; matched ones by means over rows that are together', () => {
    const [like, matched] = [featureReconstruction(rules), featureMatching(rules)];
    expect([like.onData, matched.onData]).toEqual([true, true]);
    expect([like.coupling, matched.coupling]).toEqual([undefined, { least: 1 }]);
  });

  it('of no game are refused', () => {
    const terms = [featureReconstruction({ discriminator: ofData })];
    expect(() => compose({ ...parts, terms })).toThrow(CompositionError);
    expect(() => compose({ ...parts, terms })).toThrow(/reads the adversary of 'adversarial-x'/);
    const other = [...terms, adversarialX({ ...rules, name: 'critic' })];
    expect(() => compose({ ...parts, terms: other })).toThrow(CompositionError);
    const named = [featureMatching({ discriminator: ofData, of: 'critic' }), other[1]!];
    expect(() => compose({ ...parts, terms: named })).not.toThrow();
  });
});

describe('the ELBO', () => {
  it('of an AVAE is that of the VAE with the same parameters, whatever its weights', () => {
    const model = avae({ ...parts, ...rules, beta: 3, gamma: 5 });
    const plain = compose({ ...parts, terms: [reconstruction(), kl()] });
    const params = fresh(model);
    const batch = { x: data(), condition: classes() };
    const [a, b] = [model, plain].map((each) => [
      ...each.elbo(params, batch, key(5)).dataSync<'float32'>(),
    ]);
    expect(a).toEqual(b);
  });

  it('is not claimed of models that reconstruct features', () => {
    expect(hasElbo(avae({ ...parts, ...rules }))).toBe(true);
    expect(hasElbo(vaeGan({ ...parts, ...rules }))).toBe(false);
    expect(hasElbo(cvaeGan({ ...parts, discriminator: ofClasses }))).toBe(false);
  });
});
