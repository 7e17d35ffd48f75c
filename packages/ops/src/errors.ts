/** Thrown when an operation's arguments do not fit. The message says which, where, and what was expected. */
export class OperationError extends Error {
  override readonly name: string = 'OperationError';
}
