import {
  CompositionError,
  ConfigError,
  createRegistry,
  defineKind,
  normal,
  priorKinds,
  ShapeError,
  tensorAt,
  type DataMoments,
} from '@elbo/core';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  fill,
  matMul,
  mean,
  memory,
  setBackend,
  tensor2d,
  tidy,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  compose,
  decoderCategory,
  encoderCategory,
  kl,
  modelCategory,
  objectiveKinds,
  reconstruction,
  standardised,
  type Decoder,
} from '../src/index.js';
import { decoder as linear, diagonalEncoder, prior, someRows } from './world.js';

beforeAll(() => setBackend('cpu'));

const values = (tensor: Tensor): number[] => [...tensor.dataSync()];
const close = (numbers: readonly number[], digits = 3): unknown[] =>
  numbers.map((value) => expect.closeTo(value, digits) as unknown);

const seen: number[][] = [];
/** Of x standardised, moved by the mean of the condition as it sees it. */
const decoder: Decoder = {
  ...linear,
  support: { kind: 'real' },
  likelihood: (params, _mode, z, condition) => {
    if (condition) seen.push(values(condition));
    const location = add<Tensor2D>(matMul(z, tensorAt(params, 'kernel')), tensorAt(params, 'bias'));
    const moved = condition ? add<Tensor2D>(location, mean(condition, 1, true)) : location;
    return normal(moved, fill(moved.shape, Math.log(0.4)));
  },
};
const encoder = diagonalEncoder([0.2, 0.35]);
const plain = compose({ prior, encoder, decoder, terms: [reconstruction(), kl()] });
const moments = { mean: [10, -5, 0], sd: [2, 0.5, 3] };
const condition = { mean: [1, 2], sd: [0.5, 4] };
const model = standardised(plain, moments);

const to = (x: Tensor2D): Tensor2D =>
  tensor2d(
    x.arraySync().map((row) => row.map((value, d) => (value - moments.mean[d]!) / moments.sd[d]!)),
  );
const from = (rows: number[][]): number[] =>
  rows.flatMap((row) => row.map((value, d) => value * moments.sd[d]! + moments.mean[d]!));
const rowsOf = (tensor: Tensor): number[][] => tensor.arraySync() as number[][];

describe('a standardised model', () => {
  it('gives what the model of standardised data gives, in the units of the data', () => {
    tidy(() => {
      const { primal } = model.init(key(1), [3]);
      const { x } = someRows(4);
      const z = tensor2d([
        [0.3, -1],
        [2, 0],
      ]);
      expect(values(model.decode(primal, z))).toEqual(close(from(rowsOf(plain.decode(primal, z)))));
      expect(values(model.sample(primal, key(2), 3))).toEqual(
        close(from(rowsOf(plain.sample(primal, key(2), 3)))),
      );
      expect(values(model.encode(primal, { x }, key(3)))).toEqual(
        close(values(plain.encode(primal, { x: to(x) }, key(3)))),
      );
      expect(values(model.reconstruct(primal, { x }, key(4)))).toEqual(
        close(from(rowsOf(plain.reconstruct(primal, { x: to(x) }, key(4))))),
      );
    });
  });

  it('has the densities of the data as they are: less log sd of every place', () => {
    tidy(() => {
      const params = model.init(key(1), [3]);
      const { x } = someRows(4);
      const less = moments.sd.reduce((sum, sd) => sum + Math.log(sd), 0);
      const elbo = values(plain.elbo(params, { x: to(x) }, key(2)));
      expect(values(model.elbo(params, { x }, key(2)))).toEqual(
        close(elbo.map((value) => value - less)),
      );
      const z = tensor2d([[0.3, -1]]);
      const mode = { training: false, key: key(0) };
      const own = model.decoder.likelihood(params.primal.decoder, mode, z, undefined);
      const inner = plain.decoder.likelihood(params.primal.decoder, mode, z, undefined);
      const at = tensor2d([[11, -4, 2]]);
      expect(values(own.logProb(at))).toEqual(
        close(values(inner.logProb(to(at))).map((value) => value - less)),
      );
      expect(values(own.sample(key(5), 2))).toEqual(close(from(rowsOf(inner.sample(key(5), 2)))));
      const q = model.encoder!.posterior(params.primal.encoder!, mode, x, undefined);
      const p = plain.encoder!.posterior(params.primal.encoder!, mode, to(x), undefined);
      expect(values(q.sample(key(6)))).toEqual(close(values(p.sample(key(6)))));
    });
  });

  it('sees a condition standardised too, where it has its moments', () => {
    tidy(() => {
      const given: DataMoments = { ...moments, condition };
      const c = tensor2d([[2, 10]]);
      const z = tensor2d([[0.3, -1]]);
      const { primal } = model.init(key(1), [3], [2]);
      const shown = (of: DataMoments): number[] => {
        seen.length = 0;
        standardised(plain, of).decode(primal, z, c);
        return seen[0]!;
      };
      expect(shown(given)).toEqual([2, 2]);
      expect(shown(moments)).toEqual([2, 10]);
    });
  });

  it('is built anew from its config, with the moments of the condition where there are some', () => {
    const registry = createRegistry(
      ...objectiveKinds,
      ...priorKinds,
      defineKind('diagonal', encoderCategory, { variances: v.array(v.number()) }, () => encoder),
      defineKind('linear', decoderCategory, {}, () => decoder),
    );
    for (const of of [moments, { ...moments, condition }]) {
      const { config } = standardised(plain, of);
      expect(config).toEqual({ kind: 'standardised', model: plain.config, ...of });
      const again = registry.build(modelCategory, JSON.parse(JSON.stringify(config)) as never);
      expect(again.config).toEqual(config);
      expect(again.standard?.moments).toEqual(of);
    }
  });

  it('leaves no tensor behind', () => {
    const whole = standardised(plain, { ...moments, condition });
    const params = whole.init(key(1), [3], [2]);
    const x = tensor2d([[1, 2, 3]]);
    const c = tensor2d([[2, 10]]);
    const before = memory().numTensors;
    whole.elbo(params, { x, condition: c }, key(2)).dispose();
    whole.reconstruct(params.primal, { x, condition: c }, key(2)).dispose();
    expect(memory().numTensors).toBe(before);
    expect([x.isDisposed, c.isDisposed]).toEqual([false, false]);
  });

  it('is refused twice, of other likelihoods, and with moments that are none', () => {
    expect(() => standardised(model, moments)).toThrow(/standardised already/);
    const bounded = compose({
      ...{ prior, encoder, terms: [reconstruction(), kl()] },
      decoder: { ...decoder, support: { kind: 'interval', least: 0, most: 1 } },
    });
    expect(() => standardised(bounded, moments)).toThrow(CompositionError);
    for (const wrong of [
      { mean: [1, 2], sd: [1, 2, 3] },
      { mean: [], sd: [] },
      { mean: [0, NaN], sd: [1, 1] },
      { mean: [0, 1e39], sd: [1, 1] },
      { mean: [0, 1], sd: [1, 0] },
      { mean: [0, 1], sd: [1, -1] },
      { mean: [0, 1], sd: [1, 1e39] },
    ]) {
      expect(() => standardised(plain, wrong)).toThrow(ConfigError);
      expect(() => standardised(plain, wrong)).toThrow(/'mean' and 'sd'/);
      expect(() => standardised(plain, { ...moments, condition: wrong })).toThrow(/'condition.sd'/);
    }
  });

  it('takes for what says whether a place is seen only what stays as it is', () => {
    const given = (mean: number, sd: number) => () =>
      standardised(plain, { mean: [10, mean, 0], sd: [2, sd, 3], seen: [1, -1, -1] });
    expect(given(0, 1)).not.toThrow();
    for (const [mean, sd] of [
      [0, 2],
      [1, 1],
      [1, 2],
    ] as const)
      expect(given(mean, sd)).toThrow(/'seen' must name/);
    expect(() => standardised(plain, { mean: [0, 0, 0], sd: [1, 1, 1], seen: [1, 2, -1] })).toThrow(
      /'seen' must name/,
    );
  });

  it('is refused data and conditions of other places', () => {
    const whole = standardised(plain, { ...moments, condition });
    expect(() => whole.init(key(1), [4], [2])).toThrow(ShapeError);
    expect(() => whole.init(key(1), [4], [2])).toThrow(/3 places of the last axis, and these data/);
    expect(() => whole.init(key(1), [3], [3])).toThrow(/2 places .*, and these conditions have 3/);
    expect(() => whole.init(key(1), [3])).toThrow(/these conditions have 0/);
  });
});
