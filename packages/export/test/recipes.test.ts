// Every model that has a name, exported and computed by independent readers.
import { hasElbo } from '@elbo/objectives';
import { recipes } from '@elbo/models';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelGraph, type ExportPart } from '../src/graph/model_graph.js';
import { readers } from './readers.js';
import { expectSame, freed, stirredParams } from './support.js';

beforeAll(() => setBackend('cpu'));

const form = { shape: [6] };
const parts: readonly ExportPart[] = ['encoder', 'decoder', 'scorer'];

describe.each(recipes.map((recipe) => [recipe.name, recipe] as const))('%s', (_, recipe) => {
  const data = { ...form, unit: true, classes: 3 };
  const { model } = recipe.build(data, { hidden: [8] }, { steps: 10, batchSize: 4 });

  it.each(parts)('%s', async (part) => {
    const params = stirredParams(model, form);
    const lacks = (part !== 'decoder' && !model.encoder) || (part === 'scorer' && !hasElbo(model));
    if (lacks) await expect(modelGraph(model, params, form, part)).rejects.toThrow('to export');
    else await expectSame({ model, params, form, part }, readers(part));
    freed(params);
  });
});
