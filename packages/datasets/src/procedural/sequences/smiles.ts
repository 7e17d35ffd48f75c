import type { Bond, MoleculeGraph } from './molecule_graph.js';
import { bondOrders } from './valences.js';

/** An atom as it is written: its ring bonds, then what it bears. */
interface Branch {
  readonly atom: number;
  readonly rings: { readonly digit: number; readonly order: number }[];
  readonly bears: { readonly order: number; readonly branch: Branch }[];
}

const bondSymbols = Object.fromEntries(
  Object.entries(bondOrders).map(([symbol, order]) => [order, order === 1 ? '' : symbol]),
);

/** How many atoms a branch has. */
function size({ bears }: Branch): number {
  return bears.reduce((total, { branch }) => total + size(branch), 1);
}

/**
 * A spanning tree of the molecule from its first atom, depth first; a bond that is not in it leads back to an atom of the
 * path, and closes a ring. The atom that is written first says the bond's order.
 */
function spanningTree(bonds: readonly (readonly Bond[])[]): Branch {
  const seen = new Set<number>();
  const path = new Map<number, Branch>();
  let digit = 0;
  const visit = (atom: number, from: number): Branch => {
    const branch: Branch = { atom, rings: [], bears: [] };
    seen.add(atom);
    path.set(atom, branch);
    for (const { to, order } of bonds[atom]!) {
      const back = path.get(to);
      if (to === from) continue;
      if (!seen.has(to)) branch.bears.push({ order, branch: visit(to, atom) });
      else if (back) {
        digit++;
        back.rings.push({ digit, order });
        branch.rings.push({ digit, order: 1 });
      }
    }
    path.delete(atom);
    return branch;
  };
  return visit(0, -1);
}

function write({ atom, rings, bears }: Branch, elements: readonly string[]): string {
  const digits = rings.map(({ digit, order }) => `${bondSymbols[order]!}${digit}`);
  // The longest branch goes on in the chain.
  const ordered = [...bears].sort((a, b) => size(a.branch) - size(b.branch));
  const parts = ordered.map(({ order, branch }, i) => {
    const text = bondSymbols[order]! + write(branch, elements);
    return i < ordered.length - 1 ? `(${text})` : text;
  });
  return elements[atom]! + digits.join('') + parts.join('');
}

/** A molecule as a line of SMILES (Weininger 1988): Kekulé form, hydrogens left out, from its first atom. */
export function smiles(graph: MoleculeGraph): string {
  return write(spanningTree(graph.bonds), graph.elements);
}
