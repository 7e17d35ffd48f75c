import { expectGiven, ConfigError, type Network } from '@elbo/core';
import { activate, type Activation } from '@elbo/ops';
import { add } from '@tensorflow/tfjs-core';
import { dense } from './dense.js';
import { initialiserFor, type Initialiser } from './initial_kernel.js';
import { applyLayers, initLayers, onVectors, type Layers } from './layers.js';
import { expectCounts } from './options.js';

/** A residual network of fully connected layers. */
export interface ResidualOptions {
  /** The units of every hidden layer. */
  readonly width: number;
  readonly blocks: number;
  /** The layers in a block: see `residual`. */
  readonly layers?: 1 | 2;
  readonly activation?: Activation;
  /** How the kernels before an activation begin; by default as suits it. */
  readonly init?: Initialiser;
  /** The units of a linear last layer; without it the last block's sum is the output. */
  readonly output?: number;
  /** Whether the second kernel of each block begins at zero; for blocks of two layers, where it is the default. */
  readonly zeroInit?: boolean;
}

type BlockOptions = Required<
  Pick<ResidualOptions, 'width' | 'layers' | 'activation' | 'init' | 'zeroInit'>
>;

/** One block; it is part of `residual` and of no kind of its own. */
function block({ width, layers, activation, init, zeroInit }: BlockOptions): Network {
  const first = dense({ units: width, activation, init });
  const second = dense({ units: width, init: zeroInit ? 'zeros' : 'glorot' });
  const branch: Layers =
    layers === 1
      ? [['dense_0', first]]
      : [
          ['dense_0', first],
          ['dense_1', second],
        ];
  return {
    config: { kind: 'residual-block', width, layers, activation, init, zeroInit },
    init: (key, input) => initLayers(branch, key, input),
    apply: (params, mode, h) => {
      const entry = layers === 1 ? h : activate(h, activation);
      return add(h, applyLayers(branch, params, mode, entry));
    },
  };
}

/**
 * A residual network, [B, …] to [B, output]: a layer `input` to `width` units, blocks `block_0`, `block_1`, …, and a
 * linear layer `output`. Inputs that are not vectors are flattened. Its blocks have
 *
 * - two layers (the default): h + W₂ a(W₁ a(h) + b₁) + b₂, with a linear input layer (He et al. 2016, "Identity
 *   mappings in deep residual networks", fig. 4e). W₂ begins at zero, so that the network begins linear, and deep ones
 *   train as shallow ones do (Zhang et al. 2019, "Fixup", §3; the AVB paper's toy discriminator);
 * - one layer: h + a(W h + b), with the activation after the input layer too. Half the products a block; a zero kernel
 *   would never leave zero under a relu, so it has none.
 *
 * @throws ConfigError when a number is no whole number from 1, or for `zeroInit` with one layer.
 */
export function residual(options: ResidualOptions): Network {
  expectGiven('residual', options, 'width', 'blocks');
  const {
    width,
    blocks,
    layers = 2,
    activation = 'relu',
    init = initialiserFor(activation),
    output,
    zeroInit = layers === 2,
  } = options;
  expectCounts('residual', { width, blocks, ...(output !== undefined && { output }) });
  if (zeroInit && layers === 1)
    throw new ConfigError(
      "residual: 'zeroInit' is for blocks of two layers; leave it out or set 'layers' to 2.",
    );
  const named: [string, Network][] = [
    ['input', layers === 1 ? dense({ units: width, activation, init }) : dense({ units: width })],
  ];
  for (let i = 0; i < blocks; i++)
    named.push([`block_${i}`, block({ width, layers, activation, init, zeroInit })]);
  if (output !== undefined) named.push(['output', dense({ units: output })]);
  return {
    config: {
      kind: 'residual',
      width,
      blocks,
      layers,
      activation,
      init,
      ...(output !== undefined && { output }),
      zeroInit,
    },
    ...onVectors(named),
  };
}
