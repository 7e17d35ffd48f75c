export * from './linear.js';
export * from './two_bumps.js';
