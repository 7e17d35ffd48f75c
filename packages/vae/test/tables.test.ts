import { decodeTable, describeSets, fromTable, type Cell, type TableDataset } from '@elbo/datasets';
import { modelCategory, type Batch, type Model } from '@elbo/objectives';
import { key, normal } from '@elbo/random';
import { toBatch } from '@elbo/training';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { vaeRecipe, vaeRegistry } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const rows = 12;
const noise = normal(key(1), rows);
/** Two numbers, one of them in units of c, a count and a category; in every third row the first number is missing, in every fourth the count. */
function tableOf(c: number): TableDataset {
  const cells = Array.from({ length: rows }, (_, i): readonly Cell[] => [
    i % 3 === 0 ? null : String(c * Math.fround(3 + noise[i]!)),
    String(i - 0.5),
    i % 4 === 0 ? null : String(i * i),
    ['red', 'green', 'blue'][i % 3]!,
  ]);
  const columns = { size: 'number', count: 'count' } as const;
  return fromTable({ names: ['size', 'place', 'count', 'colour'], rows: cells }, { columns });
}

async function modelOf(data: TableDataset): Promise<Model> {
  const traits = await describeSets({ train: data, validation: data, test: data });
  const options = { latent: 2, hidden: [8] };
  return vaeRecipe.build(traits, options, { steps: 10, batchSize: 4 }).model;
}

async function batchOf(data: TableDataset): Promise<Batch> {
  const all = Uint32Array.from({ length: data.size }, (_, i) => i);
  return toBatch(await data.read(all, key(0)), data.shape, data.name);
}

const elboOf = async (model: Model, batch: Batch): Promise<number[]> => {
  const params = model.init(key(3), batch.x.shape.slice(1));
  return [...(await model.elbo(params, batch, key(4)).data())];
};

describe('a model of a table', () => {
  // Powers of two scale float32 numbers and their moments exactly.
  it.each([-20, 3, 20])(
    'in units 2^%d times smaller is the same, and its densities are by −log c of each number that is seen',
    async (power) => {
      const c = 2 ** power;
      const [data, scaled] = [tableOf(1), tableOf(c)];
      const elbo = await elboOf(await modelOf(data), await batchOf(data));
      const other = await elboOf(await modelOf(scaled), await batchOf(scaled));
      elbo.forEach((value, row) => {
        const shift = row % 3 === 0 ? 0 : -Math.log(c);
        expect(Math.abs(other[row]! - value - shift)).toBeLessThan(1e-5 * Math.abs(value) + 1e-5);
      });
    },
  );

  it('does not see what stands in the places of what is missing', async () => {
    const data = tableOf(1);
    const model = await modelOf(data);
    const batch = await batchOf(data);
    const values = await batch.x.data<'float32'>();
    const [width] = data.shape;
    const changed = Float32Array.from(values);
    for (let row = 0; row < rows; row += 3) changed[row * width!] = 1e3;
    const other = { ...batch, x: tf.tensor2d(changed, [rows, width!]) };
    expect(await elboOf(model, other)).toEqual(await elboOf(model, batch));
  });

  it('gives rows in the table’s own units and words, with nothing missing', async () => {
    const data = tableOf(100);
    const model = await modelOf(data);
    const params = model.init(key(3), data.shape);
    for (const made of [
      model.sample(params.primal, key(5), 6),
      model.reconstruct(params.primal, await batchOf(data), key(5)),
    ]) {
      const [size, place, count, colour] = decodeTable(data.fields, await made.data());
      for (const cell of size!) expect(Math.abs(cell as number)).toBeLessThan(2000);
      for (const cell of place!) expect(Number.isFinite(cell)).toBe(true);
      for (const cell of count!) expect(Number.isInteger(cell) && (cell as number) >= 0).toBe(true);
      for (const cell of colour!) expect(['red', 'green', 'blue']).toContain(cell);
    }
  });

  it('is built again from its config', async () => {
    const model = await modelOf(tableOf(1));
    const again = vaeRegistry.build(modelCategory, model.config);
    const batch = await batchOf(tableOf(1));
    expect(await elboOf(again, batch)).toEqual(await elboOf(model, batch));
  });
});
