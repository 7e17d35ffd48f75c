/**
 * The values that a likelihood is of: any finite number; those of an interval, ends included; vectors along the last
 * axis that are one-hot, or probabilities; sequences of one-hot symbols, where nothing but `end` follows the symbol `end`.
 */
export type Support =
  | { readonly kind: 'real' }
  | { readonly kind: 'interval'; readonly least: number; readonly most: number }
  | { readonly kind: 'classes' }
  | { readonly kind: 'sequences'; readonly end: number };
