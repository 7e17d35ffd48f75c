// Every mutant of a package's sources.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { root } from '../../lib/workspace.mjs';
import { changes } from './operators.mjs';

/** The TypeScript files of a package's `src`, in order of their names. */
export const sourcesOf = (name) =>
  readdirSync(join(root, 'packages', name, 'src'), { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort()
    .map((file) => join(root, 'packages', name, 'src', file));

/** What tells a reader something: no mutant is made in what is given to these. */
const prose = /^(console\.|note$|notes?\.|log$|warn$|progress$)|Error$|Issue$/;
/** What only shapes a text. */
const shapesText = new Set(['toFixed', 'toPrecision', 'padStart', 'padEnd', 'join']);

/** Whether no mutant is made in a node, nor in what is in it. */
function isLeftOut(node, text) {
  if (ts.isTypeNode(node) || ts.isThrowStatement(node) || ts.isTemplateExpression(node))
    return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isNewExpression(node)) return prose.test(text(node.expression));
  if (!ts.isCallExpression(node)) return false;
  const { expression: callee } = node;
  if (ts.isPropertyAccessExpression(callee) && shapesText.has(callee.name.text)) return true;
  return prose.test(text(callee));
}

/** Whether a switch can stand around a node: not around what is called, assigned to, or a link of an optional chain. */
function isWhole(node) {
  const { parent } = node;
  if (ts.isExpressionStatement(parent)) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  if (ts.isBinaryExpression(parent) && parent.left === node)
    return (
      parent.operatorToken.kind < ts.SyntaxKind.FirstAssignment ||
      parent.operatorToken.kind > ts.SyntaxKind.LastAssignment
    );
  if (ts.isCallExpression(parent) && parent.expression === node) return false;
  // In a chain with `?.`, what follows is left out too where there is nothing.
  if ((parent.flags & ts.NodeFlags.OptionalChain) !== 0 && parent.expression === node) return false;
  // `-1` is one number.
  return !(
    ts.isNumericLiteral(node) &&
    ts.isPrefixUnaryExpression(parent) &&
    ts.isLiteralTypeNode(parent.parent)
  );
}

/** The names that a file imports from TensorFlow.js. */
function importsOf(source) {
  const names = new Set();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    if (statement.moduleSpecifier.text !== '@tensorflow/tfjs-core') continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings && ts.isNamedImports(bindings))
      for (const { name } of bindings.elements) names.add(name.text);
  }
  return names;
}

const short = (text) => text.replaceAll(/\s+/g, ' ').trim();

/**
 * The mutants of one file: where, what stood there and what would. Its id comes of the words alone, of the line and of
 * what changes, so that a mutant keeps it when lines above it come or go.
 */
export function mutantsOf(file, content = readFileSync(file, 'utf8')) {
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true);
  const text = (node) => content.slice(node.getStart(source), node.end);
  const fromTensorFlow = importsOf(source);
  const lines = content.split('\n');
  const seen = new Map();
  const found = [];
  const visit = (node) => {
    if (isLeftOut(node, text)) return;
    if (ts.isExpressionStatement(node) || isWhole(node))
      for (const [operator, after] of changes(node, { text, fromTensorFlow })) {
        const [start, end] = [node.getStart(source), node.end];
        const line = source.getLineAndCharacterOfPosition(start).line;
        const before = content.slice(start, end);
        if (before === after) continue;
        const path = relative(root, file);
        const words = [path, operator, short(lines[line]), short(before), short(after)].join('\n');
        const nth = seen.get(words) ?? 0;
        seen.set(words, nth + 1);
        const id = createHash('sha256').update(`${words}\n${nth}`).digest('hex').slice(0, 12);
        found.push({ id, file: path, line: line + 1, start, end, operator, before, after });
      }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
}
