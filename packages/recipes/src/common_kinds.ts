import { priorKinds, scheduleKinds, type Kind } from '@elbo/core';
import { decoderKinds } from '@elbo/decoders';
import { encoderKinds } from '@elbo/encoders';
import { networkKinds } from '@elbo/networks';
import { objectiveKinds } from '@elbo/objectives';
import { optimiserKinds } from '@elbo/optimisers';

/** The kinds that the configs of every family can name; a family's registry adds its own to them. */
export const commonKinds: readonly Kind[] = [
  ...scheduleKinds,
  ...priorKinds,
  ...networkKinds,
  ...encoderKinds,
  ...decoderKinds,
  ...objectiveKinds,
  ...optimiserKinds,
];
