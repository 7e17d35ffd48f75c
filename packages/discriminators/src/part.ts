import { ShapeError, type Network, type Shape } from '@elbo/core';
import { fold, type Key } from '@elbo/random';

/**
 * Initialises a network that is a part of another, with the child of `key` for its name.
 *
 * @throws ShapeError that names `where` and the part when its input does not fit.
 */
export function initPart(
  network: Network,
  name: string,
  where: string,
  key: Key,
  input: Shape,
): ReturnType<Network['init']> {
  try {
    return network.init(fold(key, name), input);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ShapeError(`${where} › ${name} › ${error.message}`, { cause: error });
  }
}
