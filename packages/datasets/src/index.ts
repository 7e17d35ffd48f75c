export {
  procedural,
  type CatalogueEntry,
  type ProceduralEntry,
  type ProceduralOptions,
} from './catalogue.js';
export { conditionShape, datasetCategory, type Dataset, type Rows, type Split } from './dataset.js';
export { datasetKinds } from './dataset_kinds.js';
export { symmetricEigen, type Eigen, type Matrix } from './exact/linalg.js';
export {
  exactLinearGaussian,
  type ExactGaussian,
  type LinearGaussian,
  type LinearGaussianParameters,
} from './exact/linear_gaussian.js';
export { ppca, sampleMoments, type Ppca } from './exact/ppca.js';
export { fromArrays, type Arrays } from './formats/arrays.js';
export { parseNpy, type NumericArray } from './formats/array/npy.js';
export { parseNpz } from './formats/array/npz.js';
export { parseSafetensors } from './formats/array/safetensors.js';
export { idx, type IdxOptions } from './formats/idx/idx.js';
export { parseIdx, type IdxArray } from './formats/idx/parse.js';
export { gunzip, readIdx } from './formats/idx/read.js';
export { columnsOf, inOrderOfRows, type Field, type FieldType } from './formats/table/field.js';
export { fieldEntry } from './formats/table/field_entry.js';
export {
  fromTable,
  type FoundTable,
  type Table,
  type TableDataset,
  type TableOptions,
} from './formats/table/from_table.js';
export type { Cell } from './formats/table/guess.js';
export { placesOf, type FieldPlaces } from './formats/table/places.js';
export { asWritten, decodeTable, encodeTable, likeliest } from './formats/table/rows.js';
export { fromText, type Texts } from './formats/text/from_text.js';
export { fourPixels } from './procedural/four_pixels.js';
export {
  linearGaussian,
  type LinearGaussianDataset,
  type LinearGaussianOptions,
} from './procedural/linear_gaussian.js';
export { grid, ring, type MixtureDataset, type MixtureOptions } from './procedural/mixtures.js';
export type { TextDataset, TextOptions } from './procedural/sequences/generated.js';
export { isValidMolecule, moleculeFault } from './procedural/sequences/molecule_fault.js';
export { molecules } from './procedural/sequences/molecules.js';
export { decodeText, encodeText, type TextFormat } from './procedural/sequences/text.js';
export { languagesOf, words } from './procedural/sequences/words.js';
export { randomSprites, spriteValues, type SpriteFactors } from './procedural/sprites/factors.js';
export { sprites, type SpritesDataset, type SpritesOptions } from './procedural/sprites/sprites.js';
export type { StrokeFactors } from './procedural/strokes/factors.js';
export { strokes, type StrokesDataset, type StrokesOptions } from './procedural/strokes/strokes.js';
export {
  batches,
  inOrder,
  type Batches,
  type BatchOptions,
  type RowBatch,
} from './reading/batches.js';
export { blocksOf, type RowBlock } from './reading/blocks.js';
export { momentsOf } from './sets/moments.js';
export { describeSets, expectAlike, mostClasses, type Sets } from './sets/sets.js';
export { traitsOf, type DataTraits } from './sets/traits.js';
export { augmented, type Augmentation } from './transforms/augmented.js';
export { binarise, type Binarisation } from './transforms/binarise.js';
export { conditionOnLabel } from './transforms/condition.js';
export { heldOut, usualShare, type HoldOut, type Parts } from './transforms/held_out.js';
export { labelled, type LabelledOptions } from './transforms/labelled.js';
export { preloaded } from './transforms/preloaded.js';
export { subset, take } from './transforms/subset.js';
