import type { Activation } from '@elbo/ops';
import * as v from 'valibot';

const activations: Readonly<Record<Activation, true>> = {
  linear: true,
  relu: true,
  leakyRelu: true,
  elu: true,
  selu: true,
  gelu: true,
  silu: true,
  tanh: true,
  sigmoid: true,
  softplus: true,
};

/** The schema of an activation. */
export const activationName: v.GenericSchema<Activation> = v.picklist(
  Object.keys(activations) as Activation[],
);

/** The schema of an activation that has a default. */
export const activationEntry: v.ExactOptionalSchema<
  v.GenericSchema<Activation>,
  undefined
> = v.exactOptional(activationName);
