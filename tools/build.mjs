// Builds every package, a module of its dist for each of its src, with a source map and the types it declares, and the
// studies of tools/reproductions:
//   node tools/build.mjs
// One process does it all in seconds, most of which a process for each package would spend on starting.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { pureConstants } from './lib/pure.mjs';
import { buildStudies } from './lib/studies.mjs';
import { packages, root } from './lib/workspace.mjs';

const tsconfig = join(root, 'tsconfig.base.json');
const { config } = ts.readConfigFile(tsconfig, ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);

/** Bundlers leave out modules that a program does not import, and constants that it does not read: a package is no bundle. */
const transpile = ({ path }, sources) =>
  build({
    absWorkingDir: path,
    entryPoints: sources,
    outbase: 'src',
    outdir: 'dist',
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    sourcemap: true,
    tsconfig,
    plugins: [pureConstants],
    logLevel: 'warning',
  });

/**
 * Writes dist/X.d.ts of every src/X.ts. Exports state their types (isolatedDeclarations), so a file is enough to make its
 * own, and no program has to be checked for it.
 */
const declare = ({ path }, sources) =>
  sources.flatMap((source) => {
    const fileName = join(path, source);
    const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(fileName, 'utf8'), {
      fileName,
      compilerOptions: options,
      reportDiagnostics: true,
    });
    const target = join(path, 'dist', relative('src', source).replace(/\.ts$/, '.d.ts'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
    return diagnostics;
  });

const problems = [];
for (const library of packages()) {
  const sources = ts.sys
    .readDirectory(join(library.path, 'src'), ['.ts'])
    .map((source) => relative(library.path, source));
  rmSync(join(library.path, 'dist'), { recursive: true, force: true });
  await transpile(library, sources);
  problems.push(...declare(library, sources));
}
await buildStudies();
if (problems.length > 0) {
  const host = {
    getCanonicalFileName: (f) => f,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
  console.error(ts.formatDiagnostics(problems, host));
  process.exitCode = 1;
}
