export * from './posterior.js';
export * from './parts.js';
export * from './pass.js';
export * from './term.js';
