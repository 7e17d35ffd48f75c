// What a README tells a reader to install, and what its examples import: strict installers, such as pnpm, give a program
// only what it asked for by name.

const nameOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The packages of the lines `npm i …`, in blocks for a shell. */
function installed(text) {
  const lines = text.matchAll(/^\s*npm (?:i|install) (?!-g)([^#\n]*)/gm);
  return new Set(
    [...lines].flatMap(([, names]) => names.split(/\s+/).filter(Boolean).map(versionless)),
  );
}

const versionless = (name) => name.replace(/(?<=.)@.*$/, '');

/** The packages that a program imports. */
function imported(code) {
  const specifiers = code.matchAll(/(?:^|\s)(?:from|import)\s+['"]([^'".][^'"]*)['"]/g);
  return [...specifiers]
    .map(([, specifier]) => specifier)
    .filter((specifier) => !specifier.startsWith('node:'))
    .map(nameOf);
}

/** The packages that an example of a document imports and no line of it installs. */
export function notInstalled(text, code) {
  const known = installed(text);
  return [...new Set(imported(code))].filter((name) => !known.has(name));
}
