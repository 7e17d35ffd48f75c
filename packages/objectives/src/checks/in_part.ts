import { ElboError, formatShape, leaves, ShapeError, type Params, type Shape } from '@elbo/core';
import { OperationError } from '@elbo/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import { described, isTensor } from './checked.js';

/** What operations say of shapes; TensorFlow.js throws no class of its own. */
const ofShapes =
  /^Error in |\bshapes?\b|\brank\b|broadcast|\baxis\b|\bdims?\b|\bdimensions?\b|\b\dD tensor|sizes? must/i;

/** Whether an operation refused the shapes that it was given. All else is an error of the part's own. */
function aboutShapes(error: unknown): error is Error {
  if (!(error instanceof Error) || !ofShapes.test(error.message)) return false;
  return error.constructor === Error || error instanceof OperationError;
}

/**
 * Runs a part of a model on a minibatch or a z.
 *
 * @throws ElboError that names the part, when what it is given is no tensor, or was disposed; ShapeError when what it is
 * given does not fit its parameters, in place of the engine's own words. What else a part throws comes through as it is.
 */
export function inPart<T>(
  part: string,
  params: Params,
  given: Readonly<Record<string, Tensor | undefined>>,
  run: () => T,
): T {
  for (const [name, tensor] of Object.entries(given)) {
    if (tensor === undefined) continue;
    if (!isTensor(tensor))
      throw new ShapeError(`${part}: ${name} should be a tensor, and is ${described(tensor)}.`);
    if (tensor.isDisposed)
      throw new ElboError(`${part}: ${name} was disposed; give a live tensor.`);
    if (tensor.rank === 0)
      throw new ShapeError(`${part}: ${name} should be a batch, [B, …], and is a single number.`);
  }
  if (leaves(params).some((leaf) => leaf.isDisposed))
    throw new ElboError(
      `${part}: its parameters were disposed. Those of a run are freed by its \`dispose()\`: take them with \`take()\` first.`,
    );
  try {
    return run();
  } catch (error) {
    if (!aboutShapes(error)) throw error;
    const shapes = Object.entries(given).flatMap(([name, tensor]) =>
      tensor ? [`${name} ${formatShape(tensor.shape as Shape)}`] : [],
    );
    throw new ShapeError(
      `${part} cannot take ${shapes.join(' and ')}: they do not fit its parameters, or the part itself is wrong (${error.message}).`,
      { cause: error },
    );
  }
}
