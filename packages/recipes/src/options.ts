import { whole } from '@elbo/core';
import * as v from 'valibot';

/** A dimension, a width, a number of samples. */
export const count: v.GenericSchema<number> = whole(1);

/** The sizes of hidden layers, from none on. */
export const layers: v.GenericSchema<number[]> = v.array(count);

/** The sizes of hidden layers where there has to be one. */
export const someLayers: v.GenericSchema<number[]> = v.pipe(layers, v.minLength(1));
