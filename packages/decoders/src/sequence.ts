import {
  expectGiven,
  couplingOf,
  ConfigError,
  defineKind,
  disposeTree,
  formatShape,
  nested,
  networkCategory,
  paramsAt,
  ShapeError,
  type Kind,
  type Network,
  type Shape,
} from '@elbo/core';
import { dense, expectCounts, gruCell, sequenceShape } from '@elbo/networks';
import { decoderCategory, type Decoder } from '@elbo/objectives';
import { fold } from '@elbo/random';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { featuresOf } from './features.js';
import { expectData } from './output.js';
import { sequenceLikelihood } from './sequence_likelihood.js';

/** What a decoder of sequences is made of. */
export interface SequenceDecoderOptions {
  /** Makes a vector of features of (z, condition); without one those two themselves are the features. */
  readonly network?: Network;
  /** T places of C symbols: the data are one-hot, `[T, C]`. */
  readonly shape: Shape;
  /** H, the numbers of the recurrent state. */
  readonly units: number;
  /** The symbol that ends a sequence and pads it; 0 by default. */
  readonly end?: number;
  /**
   * The share of the symbols that are hidden from the recurrence in training, so that z is needed to tell them (Bowman
   * et al. 2016, section 3.1); 0 by default. It makes the training ELBO lower than that of the model without.
   */
  readonly wordDropout?: number;
}

/**
 * p(x|z) = Πₜ p(xₜ | x₍<ₜ₎, z) for sequences of one-hot symbols that end with an end symbol (Bowman et al. 2016): a GRU
 * whose first state and whose gates at each place depend on z, and a linear layer to the logits of the next symbol.
 *
 * `logProb` feeds it the true symbols (teacher forcing), `sample` its own draws. `mean` has, at each place, the
 * probabilities that follow the likeliest symbols so far, so that their argmax is the greedy decoding.
 *
 * @throws ConfigError for an option that does not fit.
 */
export function sequenceDecoder(options: SequenceDecoderOptions): Decoder {
  expectGiven('sequenceDecoder', options, 'shape', 'units');
  const { network, shape, units, end = 0, wordDropout = 0 } = options;
  const where = 'sequenceDecoder';
  const [length, symbols] = sequenceShape(shape, where);
  expectCounts(where, { units });
  if (!Number.isInteger(end) || end < 0 || end >= symbols)
    throw new ConfigError(`${where}: 'end' must be one of the ${symbols} symbols, not ${end}.`);
  if (!(wordDropout >= 0 && wordDropout < 1))
    throw new ConfigError(`${where}: 'wordDropout' is a share in [0, 1), not ${wordDropout}.`);
  const features = featuresOf(network, where);
  const cell = gruCell(units);
  const start = dense({ units, activation: 'tanh' });
  const gates = dense({ units: 3 * units });
  const head = dense({ units: symbols });
  return {
    config: {
      kind: 'sequence',
      ...(network && { network: network.config }),
      shape,
      units,
      end,
      wordDropout,
    },
    ...couplingOf(network),
    support: { kind: 'sequences', end },
    init: (key, latent, x, condition) => {
      expectData(x, shape, where);
      const { params: trunk, output } = features.init(key, latent, condition);
      if (output.length !== 1) {
        disposeTree(trunk);
        throw new ShapeError(
          `${where}: its network makes ${formatShape(output)}; it should make a vector.`,
        );
      }
      return {
        ...trunk,
        start: start.init(fold(key, 'start'), output).params,
        gates: gates.init(fold(key, 'gates'), output).params,
        cell: cell.init(fold(key, 'cell'), symbols),
        head: head.init(fold(key, 'head'), [units]).params,
      };
    },
    likelihood: (params, mode, z, condition) => {
      const seen = features.apply(params, mode, z, condition);
      return sequenceLikelihood({
        shape: [length, symbols],
        end,
        cell,
        recurrence: paramsAt(params, 'cell'),
        next: (states) => head.apply(paramsAt(params, 'head'), mode, states),
        start: start.apply(paramsAt(params, 'start'), mode, seen) as Tensor2D,
        gates: gates.apply(paramsAt(params, 'gates'), mode, seen) as Tensor2D,
        dropout:
          mode.training && wordDropout > 0
            ? { rate: wordDropout, key: fold(mode.key, 'word-dropout') }
            : undefined,
      });
    },
  };
}

/** Builds a decoder of sequences from its config. */
export const sequenceKind: Kind<Decoder> = defineKind(
  'sequence',
  decoderCategory,
  {
    network: v.exactOptional(nested),
    shape: v.array(v.number()),
    units: v.number(),
    end: v.exactOptional(v.number()),
    wordDropout: v.exactOptional(v.number()),
  },
  ({ network, ...options }, registry) =>
    sequenceDecoder({
      ...options,
      ...(network && { network: registry.build(networkCategory, network) }),
    }),
);
