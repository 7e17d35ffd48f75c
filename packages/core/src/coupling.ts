/** That what is made of a row depends on the other rows of the minibatch, as an MMD does, or a batch's own moments. */
export interface Coupling {
  /** The fewest rows that it can be computed of. */
  readonly least: number;
  /** Numbers that it keeps of each pair of rows at once, at least: what it needs grows as their square. None by default. */
  readonly pairs?: number;
}

/** A part of a model, with what it says of the rows of a minibatch. */
export interface Coupled {
  /** How it couples rows; absent where each is on its own. */
  readonly coupling?: Coupling | undefined;
}

/** The coupling of what is made of these parts: to spread into it. */
export function couplingOf(...parts: readonly (Coupled | undefined)[]): Pick<Coupled, 'coupling'> {
  const couplings = parts.flatMap((part) => part?.coupling ?? []);
  if (couplings.length === 0) return {};
  const pairs = Math.max(...couplings.map(({ pairs = 0 }) => pairs));
  const least = Math.max(...couplings.map((coupling) => coupling.least));
  return { coupling: { least, ...(pairs > 0 && { pairs }) } };
}
