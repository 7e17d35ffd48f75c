import { expectGiven } from '@elbo/core';
import type { Network } from '@elbo/core';
import { stack, transpose, zeros } from '@tensorflow/tfjs-core';
import { gruCell, gruStates } from './gru_cell.js';
import { expectCounts } from './options.js';
import { sequenceShape } from './sequences.js';

/** A recurrent network. */
export interface GruOptions {
  /** H, the numbers of a state. */
  readonly units: number;
  /** The state after the last place (`last`, the default), or after each (`all`). */
  readonly states?: 'last' | 'all';
}

/**
 * A gated recurrent unit over sequences (Cho et al. 2014), in the variant of cuDNN and PyTorch: see `gruCell`. The first
 * state is zero. [B, T, C] to the last state [B, H], or to all states [B, T, H], with parameters `input` and
 * `recurrent`, each a `kernel` [C or H, 3H] and a `bias` [3H].
 *
 * It is unrolled: its time and memory are T times those of one place, so it is for T of some dozens.
 *
 * @throws ConfigError when `units` is no whole number from 1; `init` throws ShapeError for inputs that are no sequences.
 */
export function gru(options: GruOptions): Network {
  expectGiven('gru', options, 'units');
  const { units, states = 'last' } = options;
  expectCounts('gru', { units });
  const cell = gruCell(units);
  return {
    config: { kind: 'gru', units, states },
    init: (key, input) => {
      const [length, channels] = sequenceShape(input, 'gru');
      return {
        params: cell.init(key, channels),
        output: states === 'last' ? [units] : [length, units],
      };
    },
    apply: (params, _mode, x) => {
      const byPlace = transpose(x, [1, 0, 2]);
      const projected = cell.project(params, byPlace);
      const made = gruStates(cell, params, projected, zeros([x.shape[0], units]));
      return states === 'last' ? made.at(-1)! : stack([...made], 1);
    },
  };
}
