// Writes the type declarations of the package in the working folder: dist/X.d.ts of every src/X.ts. Exports state their
// types (isolatedDeclarations), so a file is enough to make its own, and no program has to be checked for it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { root } from './lib/workspace.mjs';

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
const problems = [];
for (const file of ts.sys.readDirectory('src', ['.ts'])) {
  const fileName = relative(process.cwd(), file);
  const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
    fileName,
    compilerOptions: options,
    reportDiagnostics: true,
  });
  problems.push(...diagnostics);
  const target = join('dist', relative('src', fileName).replace(/\.ts$/, '.d.ts'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, outputText);
}
if (problems.length > 0) {
  const host = {
    getCanonicalFileName: (f) => f,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
  console.error(ts.formatDiagnostics(problems, host));
  process.exitCode = 1;
}
