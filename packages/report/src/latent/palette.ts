/**
 * Ten colours that stay apart under the common colour deficiencies and in grey
 * (Petroff 2021, Accessible Color Sequences for Data Visualization, arXiv:2107.02270).
 */
export const palette: readonly string[] = [
  '#3f90da',
  '#ffa90e',
  '#bd1f01',
  '#94a4a2',
  '#832db6',
  '#a96b59',
  '#e76300',
  '#b9ac70',
  '#717581',
  '#92dadd',
];

/** The colour of points whose label is unknown. */
export const unlabelled = '#8a8f98';
