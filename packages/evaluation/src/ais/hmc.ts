import { inputGradient } from '@elbo/gradients';
import { add, mul, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';

/** Positions and momenta, `[N, Z]` each. */
export interface Phase {
  readonly z: Tensor2D;
  readonly momentum: Tensor2D;
}

/**
 * A trajectory of Hamiltonian dynamics with unit masses by the leapfrog rule (Neal 2011, section 2.3): it preserves
 * volume and is its own inverse when the momentum is turned round, so that accepting its end with probability
 * min(1, exp(−ΔH)) leaves the density unchanged.
 *
 * @param logDensity `[N]` of z `[N, Z]`, each of its own row only.
 * @param stepSize `[N, 1]`.
 */
export function leapfrog(
  logDensity: (z: Tensor2D) => Tensor1D,
  { z, momentum }: Phase,
  stepSize: Tensor2D,
  steps: number,
): Phase {
  const force = (at: Tensor2D): Tensor =>
    mul(
      stepSize,
      inputGradient((free) => logDensity(free as Tensor2D), at),
    );
  let position = z;
  let pull = force(z);
  let speed: Tensor2D = momentum;
  for (let step = 0; step < steps; step++) {
    const middle: Tensor2D = add(speed, mul(pull, 0.5));
    position = add(position, mul(stepSize, middle));
    pull = force(position);
    speed = add(middle, mul(pull, 0.5));
  }
  return { z: position, momentum: speed };
}
