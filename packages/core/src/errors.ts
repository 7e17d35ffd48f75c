/** The root of every error that Elbo throws on purpose: its message says what was wrong, where, and what to do. */
export class ElboError extends Error {
  override readonly name: string = 'ElboError';
}

/** What was thrown, in words: the message of an error, or whatever else as text. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A tensor, an array or an image has the wrong shape. */
export class ShapeError extends ElboError {
  override readonly name = 'ShapeError';
}

/** A configuration names an unknown kind or option, or a value that does not fit. */
export class ConfigError extends ElboError {
  override readonly name = 'ConfigError';
}

/** Parts that cannot make one model: an encoder that does not offer what a term needs, two bounds, … */
export class CompositionError extends ElboError {
  override readonly name = 'CompositionError';
}

/** Data are missing, corrupt, of the wrong kind or hold values outside their range. */
export class DataError extends ElboError {
  override readonly name = 'DataError';
}

/** A file is truncated, of an unknown version, or does not fit what it is loaded into. */
export class FileError extends ElboError {
  override readonly name = 'FileError';
}

/** A loss, a gradient or a parameter is not finite. */
export class NumericalError extends ElboError {
  override readonly name = 'NumericalError';
}

/** There is no memory left for a tensor. */
export class MemoryError extends ElboError {
  override readonly name = 'MemoryError';
}

/** A backend is absent, broken or lacks what was asked of it. */
export class BackendError extends ElboError {
  override readonly name = 'BackendError';
}
