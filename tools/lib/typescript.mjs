// Programs as a user of TypeScript would compile them: strictly, against the built packages.
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './workspace.mjs';

const base = {
  strict: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  // Else it depends on the folder that a person is in.
  typeRoots: [join(root, 'node_modules', '@types')],
  inlineSourceMap: true,
};

/** Compiles sources, and returns the complaints by source. */
export function compile(sources, options = {}) {
  const program = ts.createProgram(sources, { ...base, ...options });
  program.emit();
  const complaints = new Map();
  for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program)) {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    const text = `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    // One without a place is about all of them: say it with the first.
    const source = file?.fileName ?? sources[0];
    complaints.set(source, [...(complaints.get(source) ?? []), text]);
  }
  return complaints;
}
