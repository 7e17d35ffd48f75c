export * from './avb.js';
export * from './adversarial_kl.js';
export * from './adaptive_contrast_kl.js';
export * from './registry.js';
export * from './recipe.js';
export * from './diagnosis.js';
