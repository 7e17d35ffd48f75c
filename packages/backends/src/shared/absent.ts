import { BackendError } from '@elbo/core';

/** A backend's package is not installed: nothing is wrong. */
export class AbsentError extends BackendError {}
