import { ElboError } from '@elbo/core';

/** The command was called with words that do not fit: exit status 2. */
export class UsageError extends ElboError {
  override readonly name = 'UsageError';
}
