import { ElboError } from '@elbo/core';

/** What was asked for does not go with the run, its model or its data, or with this machine. */
export class RequestError extends ElboError {
  override readonly name = 'RequestError';
}
