// The project's own lint rules, each a ban with its reason. They are rules of their own because two
// settings of one `no-restricted-…` rule for the same file do not add up: the later one wins.
import { dirname, resolve } from 'node:path';
import { leads } from './lib/module_graph.mjs';

/** A rule that reports what its visitors find. */
const rule = (message, visitors) => ({
  meta: { type: 'problem', schema: [] },
  create: (context) => visitors((node) => context.report({ node, message })),
});

/** The name that an object's property is read by, where it is written out. */
const propertyName = ({ computed, property, key = property }) =>
  key.type === 'Literal' ? key.value : computed ? undefined : key.name;

/** Visitors for reading a property, as `object.name` or `const { name } = object`. */
const reads = (isObject, isBanned, report) => ({
  MemberExpression(node) {
    if (isObject(node.object) && isBanned(propertyName(node))) report(node);
  },
  VariableDeclarator({ id, init }) {
    if (id.type !== 'ObjectPattern' || !init || !isObject(init)) return;
    for (const property of id.properties)
      if (property.type === 'Property' && isBanned(propertyName(property))) report(property);
  },
});

/** Bans importing modules: statically, dynamically, as types, or by re-exporting. */
export const noModules = (pattern, message) =>
  rule(message, (report) => {
    const check = (node) => {
      if (pattern.test(node.source?.value ?? '')) report(node);
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  });

/** Bans modules of a package that lead back to themselves, by types too: neither can be read without the other. */
export const noCircles = (message) => ({
  meta: { type: 'problem', schema: [] },
  create({ filename, report }) {
    const [folder] = /^.*?[\\/]src(?=[\\/])/.exec(filename) ?? [];
    const check = (node) => {
      const name = node.source?.value ?? '';
      if (folder === undefined || !name.startsWith('.')) return;
      const target = resolve(dirname(filename), name.replace(/\.js$/, '.ts'));
      if (leads(folder, target, filename)) report({ node, message });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
});

/** Bans functions of tfjs-core, however they are reached and whatever the import is called. */
export const noTensorFlow = (names, message) =>
  rule(message, (report) => {
    const banned = new Set(names);
    const namespaces = new Set();
    const isNamespace = ({ type, name }) => type === 'Identifier' && namespaces.has(name);
    return {
      ImportDeclaration({ source, specifiers }) {
        if (!source.value.startsWith('@tensorflow/tfjs')) return;
        for (const specifier of specifiers) {
          if (specifier.type !== 'ImportSpecifier') namespaces.add(specifier.local.name);
          else if (banned.has(specifier.imported.name)) report(specifier);
        }
      },
      ...reads(isNamespace, (name) => banned.has(name), report),
    };
  });

/** Bans methods by name, whatever they are called on. */
export const noMethods = (names, message) =>
  rule(message, (report) =>
    reads(
      () => true,
      (name) => names.includes(name),
      report,
    ),
  );

const isMath = ({ type, name }) => type === 'Identifier' && name === 'Math';

export const noMathRandom = (message) =>
  rule(message, (report) => reads(isMath, (name) => name === 'random', report));

/** Bans the functions of Math whose last bits ECMAScript leaves to the engine. */
export const exactMath = (message) => {
  const exact = ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign'];
  const allowed = new Set([...exact, 'sqrt', 'trunc']);
  const isConstant = (name) => /^[A-Z\d_]+$/.test(name);
  const isLiteral = ({ type, argument }) => (argument?.type ?? type) === 'Literal';
  return rule(message, (report) => ({
    ...reads(isMath, (name) => !allowed.has(name) && !isConstant(name), report),
    BinaryExpression(node) {
      // A power of two by a written exponent is exact.
      if (node.operator === '**' && !isLiteral(node.right)) report(node);
    },
  }));
};
