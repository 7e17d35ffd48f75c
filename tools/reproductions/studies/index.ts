import type { Study } from '../runner/study.js';

/** The studies by name, each loaded when it is needed. */
export const studies: Readonly<Record<string, () => Promise<Study>>> = {
  aae: async () => (await import('./aae/study.js')).aae,
  annealing: async () => (await import('./annealing/study.js')).annealing,
  diagnosis: async () => (await import('./diagnosis/study.js')).diagnosis,
  disentanglement: async () => (await import('./disentanglement/study.js')).disentanglement,
  'eight-schools': async () => (await import('./eight-schools/study.js')).eightSchools,
  estimators: async () => (await import('./estimators/study.js')).estimators,
  'four-pixels': async () => (await import('./four-pixels/study.js')).fourPixelTable,
  gan: async () => (await import('./gan/study.js')).gans,
  iwae: async () => (await import('./iwae/study.js')).importanceBounds,
  likelihood: async () => (await import('./likelihood/study.js')).likelihood,
  mnist: async () => (await import('./mnist/study.js')).mnist,
  wvae: async () => (await import('./wvae/study.js')).wasserstein,
};
