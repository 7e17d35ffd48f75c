export * from './gan.js';
export * from './bigan.js';
export * from './adversarial_pair.js';
export * from './registry.js';
