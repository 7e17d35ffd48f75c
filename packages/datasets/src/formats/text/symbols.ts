/** How a line is cut into symbols: its characters; or the atoms, bonds and rings of SMILES. */
export type SymbolForm = 'characters' | 'smiles';

/** Of SMILES, what is written with several characters: atoms in brackets, the two halogens, and rings beyond nine (OpenSMILES 3.1, 3.4). */
const smiles = /\[[^\]]*\]|Cl|Br|%\d\d|./gsu;

/** The symbols of a line. Characters are Unicode's code points, composed where that is possible: what is drawn as one may differ between engines. */
export function symbolsIn(line: string, form: SymbolForm): readonly string[] {
  return form === 'smiles' ? (line.match(smiles) ?? []) : Array.from(line.normalize('NFC'));
}
