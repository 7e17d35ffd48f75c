import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { commonJsNames } from '../../lib/commonjs.mjs';

/**
 * Bundles stock.mjs with all gradients that TensorFlow.js has, which its build for Node leaves out; the path of the
 * bundle.
 */
export async function bundleStock(folder) {
  const outfile = join(folder, 'stock.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('stock.mjs', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    // Its packages declare the modules that register kernels and gradients free of side effects.
    ignoreAnnotations: true,
    banner: { js: commonJsNames },
    logLevel: 'error',
  });
  return outfile;
}
