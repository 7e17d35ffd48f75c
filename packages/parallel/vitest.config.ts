import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Workers run on the builds, so that here everything does: two copies of a package would not know each other's errors. */
const config: ViteUserConfig = defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
export default config;
