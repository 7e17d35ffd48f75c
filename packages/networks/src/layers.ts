import {
  disposeTree,
  asVectors,
  initPart,
  sizeOf,
  type Mode,
  type Network,
  type Params,
  type Shape,
} from '@elbo/core';
import { fold, type Key } from '@elbo/random';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Networks to apply one after the other, by the names of their parameters. */
export type Layers = readonly (readonly [name: string, layer: Network])[];

/** What the layers begin with, and the shape of the last one's output. Layers without parameters are left out. */
export function initLayers(layers: Layers, key: Key, input: Shape): ReturnType<Network['init']> {
  const params: Record<string, Params> = {};
  let output = input;
  for (const [name, layer] of layers) {
    try {
      const made = initPart(layer, name, key, output);
      if (Object.keys(made.params).length > 0) params[name] = made.params;
      output = made.output;
    } catch (error) {
      disposeTree(params);
      throw error;
    }
  }
  return { params, output };
}

/** The last layer's output. */
export function applyLayers(layers: Layers, params: Params, mode: Mode, input: Tensor): Tensor {
  return layers.reduce(
    (x, [name, layer]) =>
      layer.apply((params[name] ?? {}) as Params, { ...mode, key: fold(mode.key, name) }, x),
    input,
  );
}

/** A network of layers that first makes a vector of each input. */
export function onVectors(layers: Layers): Pick<Network, 'init' | 'apply'> {
  return {
    init: (key, input) => initLayers(layers, key, [sizeOf(input)]),
    apply: (params, mode, x) => applyLayers(layers, params, mode, asVectors(x)),
  };
}
