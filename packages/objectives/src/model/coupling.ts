import { couplingOf, type Coupled } from '@elbo/core';
import type { Term } from '../terms/term.js';
import type { AnyEncoder, Decoder } from './encoder_decoder.js';
import type { Model } from './model.js';

/**
 * The terms of a model, each with the coupling of all that it is made of: what it computes itself, the adversary that it
 * plays with, and the parts of the model that it may read.
 */
export function withCouplings(
  terms: readonly Term[],
  { encoder, decoder }: { readonly encoder?: AnyEncoder | undefined; readonly decoder: Decoder },
): readonly Term[] {
  const adversaries = new Map(terms.map(({ name, adversary }) => [name, adversary?.parts ?? []]));
  return terms.map((term) => {
    const parts: readonly Coupled[] = [
      term,
      decoder,
      // What needs no posterior cannot ask for one.
      ...(encoder && term.needs.length > 0 ? [encoder] : []),
      ...(adversaries.get(term.adversaryOf ?? term.name) ?? []),
    ];
    return { ...term, ...couplingOf(...parts) };
  });
}

/** How many numbers a model keeps of each pair of rows of a minibatch at once, at least; 0 where no term compares all. */
export function pairsOf({ terms }: Pick<Model, 'terms'>): number {
  return couplingOf(...terms).coupling?.pairs ?? 0;
}

/** The fewest rows that every term of a model can be computed of; 1 where none couples rows. */
export function leastRows({ terms }: Pick<Model, 'terms'>): number {
  return couplingOf(...terms).coupling?.least ?? 1;
}
