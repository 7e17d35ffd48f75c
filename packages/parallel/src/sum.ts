import { scope } from '@elbo/gradients';
import { mapTree, tensorAt } from '@elbo/core';
import type { Measured, MoveGradients, PlayerGradients } from '@elbo/training';
import { add, dispose, keep, type Scalar, type TensorContainer } from '@tensorflow/tfjs-core';

/** The sum of two workers' shares of a move's gradients and measurements; consumes both. */
export function sum(a: MoveGradients, b: MoveGradients): MoveGradients {
  try {
    return scope(() => ({
      ...(a.primal && b.primal && { primal: sumOf(a.primal, b.primal) }),
      ...(a.dual && b.dual && { dual: sumOf(a.dual, b.dual) }),
      measured: sumOfMeasured(a.measured, b.measured),
    }));
  } finally {
    disposeShare(a);
    disposeShare(b);
  }
}

/** Frees a share. */
export function disposeShare(share: MoveGradients): void {
  dispose(share as unknown as TensorContainer);
}

function sumOf(a: PlayerGradients, b: PlayerGradients): PlayerGradients {
  return {
    gradients: mapTree(a.gradients, (tensor, path) => add(tensor, tensorAt(b.gradients, path))),
    // The same model reaches the same parameters, whatever its rows.
    unreached: a.unreached,
  };
}

function sumOfMeasured(a: Measured, b: Measured): Measured {
  const summed = Object.entries(a).map(
    ([name, value]) => [name, keep(add<Scalar>(value, b[name]!))] as const,
  );
  return Object.fromEntries(summed);
}
