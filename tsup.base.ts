import type { Options } from 'tsup';

/** Build settings that every package shares: ESM with source maps. Declarations are made by tools/declare.mjs. */
export const base: Options = {
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  tsconfig: '../../tsconfig.json',
  sourcemap: true,
  clean: true,
};
