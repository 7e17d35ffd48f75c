/** Thrown when a gradient cannot be taken. The message says what is wrong, where, and what to do. */
export class GradientError extends Error {
  override readonly name: string = 'GradientError';
}
