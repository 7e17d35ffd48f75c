import { generated, type TextDataset, type TextOptions } from './generated.js';
import { growMolecule, moleculeClasses } from './molecule_graph.js';
import { smiles } from './smiles.js';

/** The most symbols of a molecule. */
const length = 24;

const alphabet = ['', 'C', 'N', 'O', 'S', 'F', 'Cl', '=', '#', '(', ')', '1'];

/**
 * Small molecules as one-hot sequences of at most 24 symbols of SMILES, in Kekulé form: grown at random from a scaffold,
 * which is the class (0 a chain, 1 a saturated ring, 2 an aromatic ring), so that every valence is respected. They are
 * made up: that they could be bottled is not claimed.
 */
export function molecules(options: TextOptions = {}): TextDataset {
  return generated(
    {
      name: 'molecules',
      shape: [length, alphabet.length],
      alphabet,
      classes: moleculeClasses,
      draw: (choose) => {
        const label = choose.below(moleculeClasses);
        const text = smiles(growMolecule(label, choose));
        return symbolCount(text) > length ? undefined : { text, label };
      },
    },
    options,
  );
}

/** Chlorine's two letters are one symbol. */
function symbolCount(text: string): number {
  return text.replaceAll('Cl', 'X').length;
}
