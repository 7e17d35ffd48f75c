import type { Distribution } from '@elbo/core';
import { scope } from '@elbo/gradients';
import type { ForwardPass } from '@elbo/objectives';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

/** An ELBO of each row of a pass, `[B]` in nats, as it is reported: by a model's own terms, say. */
export type ReportedElbo = (forward: ForwardPass) => Tensor;

/**
 * What is reported at a draw of z for each row in place of a pass's own, which is disposed of. Take a pass for every draw:
 * what its posterior estimates by noise, as its moments, is then as it is in the mean. z is given without the noise that it was
 * moved from, by which a term may steady its mean: its log-ratio at z is to be compared with another one at the same z.
 */
export async function reportedAt(
  reported: ReportedElbo,
  forward: ForwardPass,
  z: Tensor2D,
): Promise<Float32Array> {
  const { pass } = forward;
  let likelihood: Distribution | undefined;
  const at = Object.defineProperties({} as typeof pass, {
    ...Object.getOwnPropertyDescriptors(pass),
    z: { value: z, enumerable: true },
    base: { value: undefined, enumerable: true },
    likelihood: { get: () => (likelihood ??= pass.decode(z)), enumerable: true },
  });
  const elbos = scope(() => reported({ pass: at, dispose: () => undefined }));
  forward.dispose();
  try {
    return (await elbos.data<'float32'>()).slice();
  } finally {
    elbos.dispose();
  }
}
