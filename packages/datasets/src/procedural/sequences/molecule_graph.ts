import type { Chooser } from './chooser.js';

/** A bond to a neighbour. */
export interface Bond {
  readonly to: number;
  readonly order: number;
}

/** Atoms, and the bonds of each. */
export interface MoleculeGraph {
  readonly elements: string[];
  readonly bonds: Bond[][];
  /** How many more bonds each atom can have. */
  readonly free: number[];
}

/** The bonds of each element that is used; sulphur stays at its lowest valence. */
const room: Readonly<Record<string, number>> = { C: 4, N: 3, O: 2, S: 2, F: 1, Cl: 1 };

function addAtom({ elements, bonds, free }: MoleculeGraph, element: string): number {
  bonds.push([]);
  free.push(room[element]!);
  return elements.push(element) - 1;
}

function addBond({ bonds, free }: MoleculeGraph, a: number, b: number, order: number): void {
  bonds[a]!.push({ to: b, order });
  bonds[b]!.push({ to: a, order });
  free[a]! -= order;
  free[b]! -= order;
}

/** A ring of these elements; the i-th bond, from atom i to the next, has the i-th order. */
function addRing(
  graph: MoleculeGraph,
  elements: readonly string[],
  orders: readonly number[],
): number {
  const atoms = elements.map((element) => addAtom(graph, element));
  atoms.forEach((atom, i) => {
    addBond(graph, atom, atoms[(i + 1) % atoms.length]!, orders[i]!);
  });
  return atoms[0]!;
}

const carbons = (n: number): string[] => new Array<string>(n).fill('C');

/** What a molecule is grown from, by its class: a carbon, a saturated ring, an aromatic ring in its Kekulé form. */
const scaffolds: readonly ((graph: MoleculeGraph, choose: Chooser) => void)[] = [
  (graph) => {
    addAtom(graph, 'C');
  },
  (graph, choose) => {
    const size = choose.pick([3, 5, 6, 6]);
    const hetero = size > 3 && choose.chance(0.5) ? [choose.pick(['N', 'O', 'S'])] : [];
    const orders = new Array<number>(size).fill(1);
    addRing(graph, [...carbons(size - hetero.length), ...hetero], orders);
  },
  (graph, choose) => {
    const six = choose.chance(0.7);
    const hetero = six ? choose.pick(['C', 'C', 'N']) : choose.pick(['N', 'O', 'S']);
    addRing(graph, [...carbons(six ? 5 : 4), hetero], six ? [2, 1, 2, 1, 2, 1] : [2, 1, 2, 1, 1]);
  },
];

/** What grows on an atom that is a carbon, or on any: elements in a row, with the order of the bond before each. */
interface Fragment {
  readonly atoms: readonly (readonly [element: string, order: number])[];
  readonly onAny?: true;
}

const fragments: readonly Fragment[] = [
  ...new Array<Fragment>(6).fill({ atoms: [['C', 1]], onAny: true }),
  { atoms: [['C', 2]] },
  { atoms: [['O', 1]] },
  { atoms: [['O', 1]] },
  { atoms: [['O', 2]] },
  { atoms: [['O', 2]] },
  { atoms: [['N', 1]] },
  { atoms: [['N', 1]] },
  { atoms: [['S', 1]] },
  { atoms: [['F', 1]] },
  { atoms: [['Cl', 1]] },
  {
    atoms: [
      ['C', 1],
      ['N', 3],
    ],
  },
];

/** Grows a fragment on an atom that has room; a carbon fits wherever one bond does. */
function grow(graph: MoleculeGraph, choose: Chooser): void {
  const sites = graph.free.flatMap((free, atom) => (free > 0 ? [atom] : []));
  if (sites.length === 0) return;
  const site = choose.pick(sites);
  const fits = ({ atoms: [first], onAny }: Fragment): boolean =>
    first![1] <= graph.free[site]! && (graph.elements[site] === 'C' || onAny === true);
  let last = site;
  for (const [element, order] of choose.pick(fragments.filter(fits)).atoms) {
    const atom = addAtom(graph, element);
    addBond(graph, last, atom, order);
    last = atom;
  }
}

/** The classes of molecules. */
export const moleculeClasses: number = scaffolds.length;

/** A molecule of a class, grown from its scaffold. */
export function growMolecule(label: number, choose: Chooser): MoleculeGraph {
  const graph: MoleculeGraph = { elements: [], bonds: [], free: [] };
  scaffolds[label]!(graph, choose);
  const fragments = label === 0 ? 2 + choose.below(6) : 1 + choose.below(4);
  for (let i = 0; i < fragments; i++) grow(graph, choose);
  return graph;
}
