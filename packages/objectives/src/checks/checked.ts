import { formatShape, sameShape, ShapeError } from '@elbo/core';
import { Tensor } from '@tensorflow/tfjs-core';

/**
 * The tensor, where it is float32 and has this shape: what a function of another's part gives would else be broadcast, or
 * averaged over an axis too many, without a word.
 *
 * @throws ShapeError that says `what` it is.
 */
export function checked<T>(
  made: T,
  shape: readonly (number | undefined)[],
  what: string,
  hint = '',
): T {
  const given: unknown = made;
  if (isTensor(given) && given.dtype === 'float32') {
    const wanted = shape.map((size, axis) => size ?? given.shape[axis] ?? -1);
    if (sameShape(given.shape, wanted)) return made;
  }
  const wanted = `[${shape.map((size) => size ?? '…').join(', ')}]`;
  throw new ShapeError(`${what} should be ${wanted}, and is ${described(given)}${hint}.`);
}

/** Whether what a function gave is a tensor; `instanceof` alone would make one of shapes unknown of it. */
export function isTensor(given: unknown): given is Tensor {
  return given instanceof Tensor;
}

/** What a function gave, as errors say it. */
export function described(given: unknown): string {
  if (!isTensor(given)) return given instanceof Promise ? 'a promise' : typeof given;
  const type = given.dtype === 'float32' ? '' : ` of ${given.dtype}`;
  return `${formatShape(given.shape)}${type}`;
}
