/** An argument that no draw can be made from: which function, what it was given, what to give. */
export class RandomError extends RangeError {
  override readonly name: string = 'RandomError';
}
