import type { Options } from 'tsup';

/**
 * Build settings that every package shares: ESM with source maps, a module of `dist` for each of `src`, so that bundlers
 * leave out what a program does not import. Declarations are made by tools/declare.mjs.
 */
export const base: Options = {
  entry: ['src/**/*.ts'],
  bundle: false,
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  tsconfig: '../../tsconfig.json',
  sourcemap: true,
  clean: true,
};
