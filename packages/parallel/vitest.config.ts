import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { stuck } from '../../vitest.base.js';

/** Workers run on the builds, so that here everything does: two copies of a package would not know each other's errors. */
const config: ViteUserConfig = defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: stuck, hookTimeout: stuck },
});
export default config;
