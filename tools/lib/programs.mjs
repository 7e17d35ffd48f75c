// The applications in examples/: what is there, and where each is compiled to.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './typescript.mjs';
import { root, scratch } from './workspace.mjs';

const folder = join(root, 'examples');
/** Inside the repository, so that the workspace's packages resolve. */
const built = join(scratch, 'programs');

/** Every program: its name, its source, and the script that it is compiled to. */
export function programs() {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({
      name: file.slice(0, -3),
      source: join(folder, file),
      script: join(built, file.replace(/ts$/, 'js')),
    }));
}

/** Compiles programs, and returns the complaints by source. */
export function compilePrograms(chosen) {
  return compile(
    chosen.map(({ source }) => source),
    { rootDir: folder, outDir: built, rewriteRelativeImportExtensions: true },
  );
}
