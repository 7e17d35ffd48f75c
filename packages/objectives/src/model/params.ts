import type { Params } from '@elbo/core';

/** The parameters of both players; the dual's by the name of the term whose adversary they are. */
export interface ModelParams {
  readonly primal: Primal;
  readonly dual: Readonly<Record<string, Params>>;
}

/** The primal player's parameters: `decoder`, with an encoder `encoder`, and with a learned prior `prior`. */
export interface Primal {
  readonly [part: string]: Params;
  readonly decoder: Params;
}
