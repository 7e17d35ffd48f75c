import * as v from 'valibot';

/** The schemas of what every discriminator takes. */
export const discriminatorEntries: {
  readonly priorQuadratic: v.ExactOptionalSchema<v.BooleanSchema<undefined>, undefined>;
  readonly zeroOutput: v.ExactOptionalSchema<v.BooleanSchema<undefined>, undefined>;
} = {
  priorQuadratic: v.exactOptional(v.boolean()),
  zeroOutput: v.exactOptional(v.boolean()),
};
