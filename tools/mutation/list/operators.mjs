// What a mutant changes. Each operator looks at a node of the source and gives the texts that could stand in its place.
//
// Left out, and why:
// - strings, templates and regular expressions: they are messages, prose and names of kinds, and a test that repeats them
//   states no fact;
// - all that is in a `throw`, in the making of an error, or in a note to a reader: it is prose too;
// - types, imports and exports: the compiler holds them;
// - whole bodies emptied: nearly anything sees that, so that it would only better the share;
// - a guard that throws always: likewise;
// - numbers of at most 1e-5: tolerances, of which no fact tells the double from the single.
import ts from 'typescript';

const { SyntaxKind: K } = ts;

const binary = new Map([
  [K.PlusToken, ['-']],
  [K.MinusToken, ['+']],
  [K.AsteriskToken, ['/']],
  [K.SlashToken, ['*']],
  [K.PercentToken, ['*']],
  [K.AsteriskAsteriskToken, ['*']],
  [K.LessThanToken, ['<=', '>']],
  [K.LessThanEqualsToken, ['<']],
  [K.GreaterThanToken, ['>=', '<']],
  [K.GreaterThanEqualsToken, ['>']],
  [K.EqualsEqualsEqualsToken, ['!==']],
  [K.ExclamationEqualsEqualsToken, ['===']],
  [K.AmpersandAmpersandToken, ['||']],
  [K.BarBarToken, ['&&']],
]);
const comparisons = new Set([K.EqualsEqualsEqualsToken, K.ExclamationEqualsEqualsToken]);

const compound = new Map([
  [K.PlusEqualsToken, '-='],
  [K.MinusEqualsToken, '+='],
  [K.AsteriskEqualsToken, '/='],
  [K.SlashEqualsToken, '*='],
]);

const both = (pairs) => new Map([...pairs, ...pairs.map(([a, b]) => [b, a])]);

/** Operations of TensorFlow.js, and what takes the place of each. */
const operations = both([
  ['add', 'sub'],
  ['mul', 'div'],
  ['sum', 'mean'],
  ['max', 'min'],
  ['maximum', 'minimum'],
  ['greater', 'less'],
  ['zeros', 'ones'],
  ['zerosLike', 'onesLike'],
  ['argMax', 'argMin'],
]);
/** Operations that give way to their first argument. */
const dropped = new Set(
  'neg exp log log1p expm1 sqrt square abs sign sigmoid logSigmoid tanh softplus relu softmax reciprocal clipByValue reverse floor cumsum'.split(
    ' ',
  ),
);
const ofMath = both([
  ['min', 'max'],
  ['floor', 'ceil'],
  ['round', 'floor'],
  ['log', 'exp'],
]);
const droppedOfMath = new Set(['abs', 'sqrt', 'log1p', 'expm1', 'trunc', 'tanh', 'sign', 'log2']);
const ofArrays = both([['every', 'some']]);
/** Methods of arrays that give way to the array. */
const droppedOfArrays = new Set(['filter', 'slice', 'reverse', 'toReversed', 'sort', 'toSorted']);

const isText = (node) =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  (ts.isBinaryExpression(node) &&
    node.operatorToken.kind === K.PlusToken &&
    (isText(node.left) || isText(node.right)));

/** Whether a statement only throws. */
const throws = (statement) =>
  ts.isThrowStatement(statement) ||
  (ts.isBlock(statement) &&
    statement.statements.length > 0 &&
    ts.isThrowStatement(statement.statements.at(-1)));

/** Whether an expression is the condition of an `if`, a loop or a choice. */
const isCondition = (node) =>
  ((ts.isIfStatement(node.parent) || ts.isWhileStatement(node.parent)) &&
    node.parent.expression === node) ||
  ((ts.isConditionalExpression(node.parent) || ts.isForStatement(node.parent)) &&
    node.parent.condition === node);

function ofCondition(node) {
  const { parent } = node;
  // What is always true in a loop never ends.
  if (ts.isWhileStatement(parent) || ts.isForStatement(parent)) return ['false'];
  if (ts.isIfStatement(parent) && throws(parent.thenStatement)) return ['false'];
  return ['true', 'false'];
}

function ofBinary(node, text) {
  const { left, right, operatorToken } = node;
  const { kind } = operatorToken;
  if (kind === K.QuestionQuestionToken)
    return [
      ['option', text(right)],
      ['option', text(left)],
    ];
  if (kind === K.PlusToken && isText(node)) return [];
  // Of a condition that is an equation, `true` and `false` are the harder ones.
  if (comparisons.has(kind) && isCondition(node)) return [];
  const name = kind === K.AmpersandAmpersandToken || kind === K.BarBarToken ? 'logic' : 'operator';
  return (binary.get(kind) ?? []).map((sign) => [name, `${text(left)} ${sign} ${text(right)}`]);
}

function ofNumber(node) {
  const value = Number(node.text.replaceAll('_', ''));
  if (!Number.isFinite(value) || (value !== 0 && Math.abs(value) <= 1e-5)) return [];
  if (value === 1) return ['0', '2'];
  return [Number.isInteger(value) ? String(value + 1) : String(value * 2)];
}

function ofCall(node, text, fromTensorFlow) {
  const { expression: callee, arguments: given } = node;
  const args = given.map(text).join(', ');
  if (ts.isIdentifier(callee) && fromTensorFlow.has(callee.text)) {
    const { text: name } = callee;
    if (name === 'where' && given.length === 3)
      return [['operation', `where(${[given[0], given[2], given[1]].map(text).join(', ')})`]];
    if (dropped.has(name)) return [['operation', text(given[0])]];
    return operations.has(name) ? [['operation', `$tf.${operations.get(name)}(${args})`]] : [];
  }
  if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken) return [];
  const [on, name] = [text(callee.expression), callee.name.text];
  if (on === 'Math') {
    if (ofMath.has(name)) return [['operation', `Math.${ofMath.get(name)}(${args})`]];
    return droppedOfMath.has(name) ? [['operation', args]] : [];
  }
  if (ofArrays.has(name)) return [['method', `${on}.${ofArrays.get(name)}(${args})`]];
  return droppedOfArrays.has(name) && given.every((arg) => !isText(arg)) ? [['method', on]] : [];
}

/** A statement that is done for its effect, left out. */
function ofStatement({ expression }) {
  const inner = ts.isAwaitExpression(expression) ? expression.expression : expression;
  const isEffect =
    ts.isCallExpression(inner) ||
    ts.isPostfixUnaryExpression(inner) ||
    ts.isPrefixUnaryExpression(inner) ||
    (ts.isBinaryExpression(inner) &&
      inner.operatorToken.kind >= K.FirstAssignment &&
      inner.operatorToken.kind <= K.LastAssignment);
  return isEffect ? [['statement', '']] : [];
}

/** What could stand in a node's place: `[operator, text]`, each for one mutant. */
export function changes(node, { text, fromTensorFlow }) {
  const found = [];
  if (ts.isExpressionStatement(node)) return ofStatement(node);
  if (isCondition(node)) found.push(...ofCondition(node).map((to) => ['condition', to]));
  if (ts.isBinaryExpression(node)) {
    if (compound.has(node.operatorToken.kind))
      found.push([
        'operator',
        `${text(node.left)} ${compound.get(node.operatorToken.kind)} ${text(node.right)}`,
      ]);
    else found.push(...ofBinary(node, text));
  } else if (ts.isNumericLiteral(node)) found.push(...ofNumber(node).map((to) => ['number', to]));
  else if (node.kind === K.TrueKeyword) found.push(['boolean', 'false']);
  else if (node.kind === K.FalseKeyword) found.push(['boolean', 'true']);
  else if (
    ts.isPrefixUnaryExpression(node) &&
    (node.operator === K.MinusToken || node.operator === K.ExclamationToken)
  )
    found.push(['operator', text(node.operand)]);
  else if (ts.isCallExpression(node)) found.push(...ofCall(node, text, fromTensorFlow));
  else if (ts.isObjectLiteralExpression(node)) {
    for (const part of node.properties)
      if (ts.isSpreadAssignment(part)) {
        const others = node.properties.filter((other) => other !== part).map(text);
        found.push(['option', `{ ${others.join(', ')} }`]);
      }
  }
  return found;
}
