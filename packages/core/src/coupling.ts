/** That what is made of a row depends on the other rows of the minibatch, as an MMD does, or a batch's own moments. */
export interface Coupling {
  /** The fewest rows that it can be computed of. */
  readonly least: number;
}

/** A part of a model, with what it says of the rows of a minibatch. */
export interface Coupled {
  /** How it couples rows; absent where each is on its own. */
  readonly coupling?: Coupling | undefined;
}

/** The coupling of what is made of these parts: to spread into it. */
export function couplingOf(...parts: readonly (Coupled | undefined)[]): Pick<Coupled, 'coupling'> {
  const least = parts.flatMap((part) => part?.coupling?.least ?? []);
  return least.length === 0 ? {} : { coupling: { least: Math.max(...least) } };
}
