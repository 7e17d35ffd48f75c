import { io, tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { GraphModel } from '../src/index.js';
import type { Ran } from './support.js';

/** Runs a graph model by TensorFlow.js' own reader. */
export async function runGraphModel({ model, weights }: GraphModel, given: Ran): Promise<Ran> {
  const json = JSON.parse(new TextDecoder().decode(model)) as io.ModelJSON;
  const load = async (): Promise<io.ModelArtifacts> =>
    io.getModelArtifactsForJSON(json, (manifest) =>
      Promise.resolve([io.getWeightSpecs(manifest), Uint8Array.from(weights).buffer]),
    );
  const loaded = await loadGraphModel({ load });
  const inputs = Object.fromEntries(
    Object.entries(given).map(
      ([name, { shape, values }]) =>
        [name, tensor(Float32Array.from(values), [...shape], 'float32')] as const,
    ),
  );
  const names = Object.keys((json.signature as { readonly outputs: object }).outputs);
  const made = loaded.execute(inputs, names);
  const ran: Record<string, Ran[string]> = {};
  for (const [i, one] of [made].flat().entries())
    ran[names[i]!] = { shape: one.shape, values: await one.data() };
  [made, Object.values(inputs)].flat(2).forEach((one) => {
    one.dispose();
  });
  loaded.dispose();
  return ran;
}
