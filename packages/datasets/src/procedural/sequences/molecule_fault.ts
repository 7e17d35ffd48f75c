import { bondOrders, valences } from './valences.js';

/** What has been read of a molecule. */
interface Reading {
  /** The elements of the atoms, and the sum of the orders of each one's bonds. */
  readonly elements: string[];
  readonly bonds: number[];
  /** Pairs of bonded atoms, as `3-1`, the later first. */
  readonly bonded: Set<string>;
  /** Ring bonds that wait for their other end, by digit. */
  readonly rings: Map<string, { readonly atom: number; readonly order: number | undefined }>;
  /** The atoms at which the open branches began. */
  readonly branches: number[];
  /** The atom that the next bond is from. */
  last: number | undefined;
  /** The order of the bond symbol just read. */
  order: number | undefined;
  /** The kind of the symbol before, with bond symbols passed over. */
  before: 'start' | 'atom' | 'ring' | 'open' | 'close';
}

const symbol = /Cl|Br|./gsu;

/**
 * Why a text is no molecule in the part of SMILES that `molecules` writes; `undefined` for one that is. Atoms are those of
 * the organic subset without brackets, bonds are written in Kekulé form, and hydrogens fill up the valences: C 4, N 3,
 * O 2, S 6, P 5, F, Cl and Br 1. Charges, isotopes, aromatic symbols and disconnected parts are refused.
 *
 * Weininger 1988, "SMILES, a chemical language and information system".
 */
export function moleculeFault(text: string): string | undefined {
  const reading: Reading = {
    elements: [],
    bonds: [],
    bonded: new Set(),
    rings: new Map(),
    branches: [],
    last: undefined,
    order: undefined,
    before: 'start',
  };
  for (const [token] of text.matchAll(symbol)) {
    const fault = readSymbol(reading, token);
    if (fault !== undefined) return fault;
  }
  return faultAtEnd(reading);
}

/** Whether a text is a molecule: see `moleculeFault`. */
export function isValidMolecule(text: string): boolean {
  return moleculeFault(text) === undefined;
}

function readSymbol(reading: Reading, token: string): string | undefined {
  if (Object.hasOwn(valences, token)) return readAtom(reading, token);
  if (Object.hasOwn(bondOrders, token)) return readBond(reading, token);
  if (token === '(') return openBranch(reading);
  if (token === ')') return closeBranch(reading);
  if (/[1-9]/.test(token)) return readRing(reading, token);
  return `'${token}' is no symbol of a molecule`;
}

function readAtom(reading: Reading, element: string): string | undefined {
  const atom = reading.elements.push(element) - 1;
  reading.bonds.push(0);
  const from = reading.last;
  const order = reading.order ?? 1;
  Object.assign(reading, { last: atom, order: undefined, before: 'atom' });
  return from === undefined ? undefined : join(reading, from, atom, order);
}

function readBond(reading: Reading, token: string): string | undefined {
  if (reading.last === undefined) return `the bond '${token}' has no atom before it`;
  if (reading.order !== undefined) return `the bond '${token}' follows another`;
  reading.order = bondOrders[token];
  return undefined;
}

function openBranch(reading: Reading): string | undefined {
  if (reading.last === undefined || reading.before === 'open') return "'(' has no atom before it";
  if (reading.order !== undefined) return "a bond leads to '('";
  reading.branches.push(reading.last);
  reading.before = 'open';
  return undefined;
}

function closeBranch(reading: Reading): string | undefined {
  const began = reading.branches.pop();
  if (began === undefined) return "')' closes no branch";
  if (reading.order !== undefined) return "a bond leads to ')'";
  if (reading.before === 'open') return 'a branch is empty';
  reading.last = began;
  reading.before = 'close';
  return undefined;
}

function readRing(reading: Reading, digit: string): string | undefined {
  const { rings, order } = reading;
  if (reading.last === undefined || (reading.before !== 'atom' && reading.before !== 'ring'))
    return `the ring bond ${digit} does not follow an atom`;
  reading.order = undefined;
  reading.before = 'ring';
  const other = rings.get(digit);
  if (!other) {
    rings.set(digit, { atom: reading.last, order });
    return undefined;
  }
  rings.delete(digit);
  if (order !== undefined && other.order !== undefined && order !== other.order)
    return `the ring bond ${digit} has two orders`;
  return join(reading, other.atom, reading.last, order ?? other.order ?? 1);
}

function join(
  { bonds, bonded, elements }: Reading,
  a: number,
  b: number,
  order: number,
): string | undefined {
  const pair = `${Math.max(a, b)}-${Math.min(a, b)}`;
  if (a === b) return `a ring bond joins ${elements[a]!} to itself`;
  if (bonded.has(pair)) return `two bonds join one ${elements[a]!} and ${elements[b]!}`;
  bonded.add(pair);
  bonds[a]! += order;
  bonds[b]! += order;
  return undefined;
}

function faultAtEnd(reading: Reading): string | undefined {
  const { elements, bonds, rings, branches, order } = reading;
  if (elements.length === 0) return 'there is no atom';
  if (order !== undefined) return 'a bond leads nowhere';
  if (branches.length > 0) return 'a branch is not closed';
  const [open] = rings.keys();
  if (open !== undefined) return `the ring bond ${open} is not closed`;
  const over = elements.findIndex((element, atom) => bonds[atom]! > valences[element]!);
  return over < 0
    ? undefined
    : `${elements[over]!} has ${bonds[over]!} bonds, and at most ${valences[elements[over]!]!}`;
}
