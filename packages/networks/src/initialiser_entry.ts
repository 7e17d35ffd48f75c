import * as v from 'valibot';
import type { Initialiser } from './initial_kernel.js';

/** The schema of an initialiser that has a default. */
export const initialiserEntry: v.ExactOptionalSchema<
  v.GenericSchema<Initialiser>,
  undefined
> = v.exactOptional(v.picklist(['he', 'glorot', 'zeros']));
