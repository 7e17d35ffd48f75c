// The studies of tools/reproductions are TypeScript, which Node 20 does not read: they are bundled, and imported from there.
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from './workspace.mjs';

const folder = join(root, 'tools', 'reproductions');

/** Packages stay outside, built as they are published, but for the private one whose sources are all there is of it. */
const packagesOutside = {
  name: 'packages-outside',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point') return undefined;
      return path.startsWith('@elbo/testing/')
        ? { path: fileURLToPath(import.meta.resolve(path)) }
        : { path, external: true };
    });
  },
};

/** Bundles the modules that the package exports, each into its place in `dist`. */
export async function buildStudies() {
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['runner/main.ts', 'studies/four-pixels/models.ts'].map((path) =>
      relative(root, join(folder, path)),
    ),
    outbase: relative(root, folder),
    outdir: relative(root, join(folder, 'dist')),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    sourcemap: true,
    plugins: [packagesOutside],
    logLevel: 'warning',
  });
}
