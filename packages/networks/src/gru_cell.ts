import { paramsAt, tensorAt, type Params } from '@elbo/core';
import { dense } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import {
  add,
  mul,
  sigmoid,
  split,
  sub,
  tanh,
  unstack,
  zeros,
  type Rank,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { initialKernel } from './initial_kernel.js';

/** One place's part of the gates that is known before the recurrence: what the inputs add to each. */
export interface GateInputs {
  /** Of the reset and the update gate, `[B, 2H]`. */
  readonly gates: Tensor;
  /** Of the candidate, `[B, H]`. */
  readonly candidate: Tensor;
}

/** The recurrence of a GRU, apart from what reads its states. */
export interface GruCell {
  /** Parameters `input` and `recurrent`, each a `kernel` [C or H, 3H] and a `bias` [3H]. */
  init(key: Key, channels: number): Params;
  /** What inputs `[…, C]` add to the gates, `[…, 3H]`: of all places in one product. */
  project(params: Params, inputs: Tensor): Tensor;
  /** Projected inputs of T places `[T, B, 3H]`, place by place. */
  places(projected: Tensor): readonly GateInputs[];
  /** The next state `[B, H]`. */
  next(params: Params, inputs: GateInputs, state: Tensor2D): Tensor2D;
}

/** A linear layer to the three gates; its kernel begins `glorot`, with the fan of one gate. */
function gatesLayer(key: Key, inputs: number, units: number): Params {
  const fan = { inputs, outputs: units };
  const shape = [inputs, 3 * units];
  return {
    kernel: initialKernel(fold(key, 'kernel'), shape, fan, 'glorot'),
    bias: zeros([3 * units]),
  };
}

function linear(params: Params, x: Tensor): Tensor {
  return dense(x, tensorAt<Rank.R2>(params, 'kernel'), tensorAt<Rank.R1>(params, 'bias'));
}

/**
 * The cell of a gated recurrent unit (Cho et al. 2014) in the variant of cuDNN and PyTorch, whose reset gate acts after
 * the product, so that one product serves all gates:
 *
 *     r = σ(Wᵣ x + bᵣ + Uᵣ h + cᵣ)    u = σ(Wᵤ x + bᵤ + Uᵤ h + cᵤ)
 *     n = tanh(Wₙ x + bₙ + r ⊙ (Uₙ h + cₙ))    h′ = n + u ⊙ (h − n)
 *
 * The columns of the kernels are in the order r, u, n.
 */
export function gruCell(units: number): GruCell {
  return {
    init: (key, channels) => ({
      input: gatesLayer(fold(key, 'input'), channels, units),
      recurrent: gatesLayer(fold(key, 'recurrent'), units, units),
    }),
    project: (params, inputs) => linear(paramsAt(params, 'input'), inputs),
    places: (projected) => {
      const [gates, candidates] = split(projected, [2 * units, units], 2) as [Tensor, Tensor];
      const candidate = unstack(candidates);
      return unstack(gates).map((gate, t) => ({ gates: gate, candidate: candidate[t]! }));
    },
    next: (params, { gates, candidate }, state) => {
      const recurrent = linear(paramsAt(params, 'recurrent'), state);
      const [toGates, toCandidate] = split(recurrent, [2 * units, units], 1) as [Tensor, Tensor];
      const open = sigmoid(add(gates, toGates));
      const [reset, update] = split(open, 2, 1) as [Tensor, Tensor];
      const fresh = tanh(add(candidate, mul(reset, toCandidate)));
      return add(fresh, mul(update, sub(state, fresh)));
    },
  };
}

/** The states `[B, H]` after each place of projected inputs `[T, B, 3H]`. */
export function gruStates(
  cell: GruCell,
  params: Params,
  projected: Tensor,
  initial: Tensor2D,
): readonly Tensor2D[] {
  const states: Tensor2D[] = [];
  for (const place of cell.places(projected))
    states.push(cell.next(params, place, states.at(-1) ?? initial));
  return states;
}
