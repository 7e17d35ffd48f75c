/** How many bonds an atom has at most, hydrogens not counted: the organic subset of SMILES, neutral. */
export const valences: Readonly<Record<string, number>> = {
  C: 4,
  N: 3,
  O: 2,
  S: 6,
  P: 5,
  F: 1,
  Cl: 1,
  Br: 1,
};

/** The order of each bond symbol. */
export const bondOrders: Readonly<Record<string, number>> = { '-': 1, '=': 2, '#': 3 };
