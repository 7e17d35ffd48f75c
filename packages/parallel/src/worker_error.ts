import { ElboError } from '@elbo/core';

/** A worker could not start, or stopped: its message names the worker and the cause. */
export class WorkerError extends ElboError {
  override readonly name = 'WorkerError';
}
