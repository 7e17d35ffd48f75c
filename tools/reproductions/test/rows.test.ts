import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rounded, toJson, type Rows } from '../common/kept_rows.js';
import { resultOf, type Result, type Run } from '../studies/likelihood/result.js';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'reproductions');
const files = ['likelihood.json', join('rows', 'likelihood.json')].map((name) =>
  join(folder, name),
);
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

// Without a whole run there is nothing to make again.
it.skipIf(!files.every(existsSync))('the figures of likelihood follow from its rows', () => {
  const { result } = read(files[0]!) as { result: Result };
  const rows = read(files[1]!) as Rows[];
  expect(plain(resultOf(result, rows))).toEqual(result);
  expect(rows.length).toBe(result.runs.length);
  for (const { values } of rows)
    for (const of of Object.values(values)) expect(of.length).toBe(result.rows);
});

describe('the figures of likelihood', () => {
  const time = { seconds: 1, coreSeconds: 1 };
  const run = (name: string, seed: number): Run => ({
    name,
    latent: 2,
    seed,
    steps: 10,
    training: time,
    measuring: time,
    samplingError: 0.01,
  });
  const methods = ['vae', 'avb-anchored', 'vae-long'];
  const seeds = [0, 1, 2, 3, 4];
  /** An AVB whose bounds are 1 and 3 above the VAE's ELBO, and whose log p(x) is 2 above, but for seeds. */
  const valuesOf = (name: string, seed: number): Rows['values'] => {
    const rows = Array.from({ length: 20 }, (_, row) => -100 - row + 0.1 * (seed - 2));
    const shifted = (by: number): readonly number[] => rounded(rows.map((value) => value + by));
    const effective = rows.map((_, row) => (row < 5 ? 50 : 200));
    return name === 'avb-anchored'
      ? {
          own: shifted(9),
          lower: shifted(1),
          upper: shifted(3),
          logLikelihood: shifted(7),
          effective,
        }
      : { own: shifted(0), logLikelihood: shifted(5), effective };
  };
  const made = (of: readonly number[]): Result => {
    const all = methods.flatMap((name) => of.map((seed) => ({ name, seed })));
    const rows = all.map(({ name, seed }) => ({
      method: `${name}-2`,
      seed,
      values: valuesOf(name, seed),
    }));
    const runs = all.map(({ name, seed }) => run(name, seed));
    return resultOf({ runs, trainedOn: 54_000, rows: 20 }, rows);
  };

  it('are differences of the same rows, of bounds that are on the safe side', () => {
    const [{ compared, methods: of }] = made(seeds).byLatent as [Result['byLatent'][number]];
    expect(
      compared.map(({ what, difference, verdict }) => [what, difference.mean, verdict]),
    ).toEqual([
      ['true ELBO, from below: anchored AVB over VAE, equal steps', expect.closeTo(1, 4), 'holds'],
      ['log p(x): anchored AVB over VAE, equal steps', expect.closeTo(2, 4), 'holds'],
      ['true ELBO, from below: anchored AVB over VAE, equal time', expect.closeTo(1, 4), 'holds'],
      ['log p(x): anchored AVB over VAE, equal time', expect.closeTo(2, 4), 'holds'],
    ]);
    // Rows differ by 20 nats, and are the same for both: the interval of a difference knows nothing of that.
    expect(compared[0]!.difference.high - compared[0]!.difference.low).toBeLessThan(0.01);
    const vae = of.find(({ name }) => name === 'vae')!;
    expect(vae.own.all.high - vae.own.all.low).toBeGreaterThan(1);
    expect(vae.lower).toEqual(vae.own);
    expect([vae.effective, vae.below]).toEqual([200, 0.25]);
  });

  it('of one seed decide nothing', () => {
    const [{ compared }] = made([0]).byLatent as [Result['byLatent'][number]];
    expect(compared.map(({ verdict }) => verdict)).toEqual(compared.map(() => 'not decided'));
  });

  it('are the same after their rows were kept', () => {
    const rows = [
      { method: 'vae-2', seed: 1, values: { own: rounded([-1.23456, 2]), effective: [3] } },
    ];
    expect(JSON.parse(toJson(rows))).toEqual(rows);
    expect(rows[0]!.values.own).toEqual([-1.2346, 2]);
  });
});
