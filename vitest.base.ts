import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Tests run on the sources of every workspace package, so that they need no build. */
const conditions = ['@elbo/source'];

/** Test settings that every package shares. */
export const base: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
