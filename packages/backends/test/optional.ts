import { selectBackend } from '../src/index.js';

/**
 * How an optional backend is selected: with the packages of a project that has them, and the tfjs-core of this repository.
 * The variable ELBO_BACKENDS names it.
 */
export function optional(backend: string): { readonly backend: string; resolveFrom?: string } {
  const resolveFrom = process.env.ELBO_BACKENDS;
  return { backend, ...(resolveFrom !== undefined && { resolveFrom }) };
}

/**
 * Selects an optional backend, and gives why it cannot be had, or nothing.
 *
 * @param what is not tested then, to be said.
 */
export async function refusal(backend: string, what: string): Promise<string | undefined> {
  try {
    await selectBackend(optional(backend));
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    console.warn(`${what} NOT tested (ELBO_BACKENDS names no folder): ${message}`);
    return message;
  }
}
