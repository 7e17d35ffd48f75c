export * from './vae.js';
export * from './registry.js';
export * from './recipe.js';
