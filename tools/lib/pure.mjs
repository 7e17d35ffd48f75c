// A constant of a module is a value: to make it changes nothing else. Bundlers cannot know that of a call, and keep
// `const schema = v.object({ … })` in a program that never reads it, unless the call is marked as pure.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const mark = '/* @__PURE__ */ ';

/** TypeScript in which every call that makes a module's constant is marked, on the lines where it was. */
function markPure(text, name) {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  const starts = new Set();
  const visit = (node) => {
    // What a function calls is called when it is.
    if (ts.isFunctionLike(node)) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) starts.add(node.getStart(file));
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements)
    if (ts.isVariableStatement(statement))
      for (const { initializer } of statement.declarationList.declarations)
        if (initializer) visit(initializer);
  return [...starts]
    .sort((a, b) => b - a)
    .reduce((marked, at) => marked.slice(0, at) + mark + marked.slice(at), text);
}

/** Has esbuild read sources so. */
export const pureConstants = {
  name: 'pure-constants',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: markPure(readFileSync(path, 'utf8'), path),
      loader: 'ts',
    })),
};
