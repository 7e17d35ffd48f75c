import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Tests run on the sources of every workspace package, as Node takes them, so that they need no build. */
const conditions = ['@elbo/source', 'node'];

/** In ms: a hundred times what the slowest test takes. */
export const stuck = 900_000;

/** Test settings that every package shares. */
export const base: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    // Files share a process: to start the engine and a backend afresh for each takes as long as its tests.
    isolate: false,
    // A test that takes this long is stuck: no machine is slow enough to fail one.
    testTimeout: stuck,
    hookTimeout: stuck,
    teardownTimeout: stuck,
  },
});
