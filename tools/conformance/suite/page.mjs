// A page of the tests.
import { execute } from './execute.mjs';

globalThis.elbo = { execute };
