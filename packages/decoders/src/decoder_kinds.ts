import type { Kind } from '@elbo/core';
import type { Decoder } from '@elbo/objectives';
import { bernoulliKind } from './bernoulli.js';
import { categoricalKind } from './categorical.js';
import { discretisedLogisticKind } from './discretised_logistic.js';
import { gaussianKind } from './gaussian.js';
import { sequenceKind } from './sequence.js';
import { sliceKind } from './slice.js';
import { tableKind } from './table.js';

/** The kinds of decoders, for a registry. */
export const decoderKinds: readonly Kind<Decoder>[] = [
  bernoulliKind,
  gaussianKind,
  categoricalKind,
  discretisedLogisticKind,
  sequenceKind,
  sliceKind,
  tableKind,
];
