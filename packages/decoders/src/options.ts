import { nested } from '@elbo/core';
import * as v from 'valibot';

/** The schemas of what every decoder takes. */
export const decoderEntries: {
  readonly network: typeof nested;
  readonly shape: v.ArraySchema<v.NumberSchema<undefined>, undefined>;
} = { network: nested, shape: v.array(v.number()) };
