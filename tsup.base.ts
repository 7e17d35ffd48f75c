import type { Options } from 'tsup';

/** Build settings that every package shares: ESM with source maps and declarations. */
export const base: Options = {
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  sourcemap: true,
  clean: true,
};
