// Uses the packages as their users do: installed from their tarballs in an empty project, imported, required,
// bundled for a page, type-checked, and their commands called:
//   node tools/consume.mjs
// Together by pnpm, which here gives each package only what its own manifest asks for, so that what one forgot is missed,
// whoever else has it; and some alone by npm, which most people have.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { nodePackages } from './lib/hosts.mjs';
import { must } from './lib/run.mjs';
import { binary, closure, packageNamed, packages, tarballOf } from './lib/workspace.mjs';

const json = (value) => JSON.stringify(value);

/** What a user of TypeScript sets, but for how modules are found. */
const compilerOptions = {
  strict: true,
  noEmit: true,
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  types: [],
  skipLibCheck: true,
};
const resolutions = [
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
];

const installers = {
  pnpm: (cwd) => must(process.execPath, [binary('pnpm'), 'install', '--prefer-offline'], { cwd }),
  npm: (cwd) => must('npm', ['install', '--prefer-offline', '--ignore-scripts'], { cwd }),
};
/** Without the first two, pnpm too lets a package find what only others, or the project itself, ask for. */
const strictness = [
  'hoist=false',
  'virtual-store-dir=../store',
  'auto-install-peers=false',
  'strict-peer-dependencies=true',
];
const quiet = ['audit=false', 'fund=false', 'ignore-scripts=true', 'package-lock=false'];

const tarballs = (libraries) =>
  Object.fromEntries(
    libraries.map((library) => {
      const file = tarballOf(library);
      if (!existsSync(file))
        throw new Error(`${library.manifest.name} is not packed: npx nx run tools:pack`);
      return [library.manifest.name, `file:${file}`];
    }),
  );
const peersOf = ({ manifest: { peerDependencies = {}, peerDependenciesMeta = {} } }) =>
  Object.entries(peerDependencies).filter(([peer]) => !peerDependenciesMeta[peer]?.optional);
const entriesOf = ({ manifest: { name, exports } }) =>
  Object.keys(exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => name + entry.slice(1));
const commandsOf = ({ folder, manifest: { bin } }) =>
  Object.keys(typeof bin === 'string' ? { [folder]: bin } : (bin ?? {}));

/** The manifest of a user who asks for these packages and what they say their users need. */
function manifest(targets) {
  const own = tarballs(targets);
  // The packages beneath are not on the registry yet, so they too come from their tarballs.
  const beneath = targets
    .flatMap((t) => closure(t))
    .filter((library) => !targets.includes(library));
  const overrides = tarballs(beneath);
  return {
    private: true,
    type: 'module',
    dependencies: { ...own, ...Object.fromEntries(targets.flatMap(peersOf)) },
    overrides,
    pnpm: { overrides: { ...overrides, ...own } },
  };
}

const nodeIn =
  (cwd) =>
  (...args) =>
    must(process.execPath, args, { cwd });

/** Imports and requires every entry, and asks every command for its help. */
async function load(targets, project) {
  const entries = targets.flatMap(entriesOf);
  const node = nodeIn(project);
  const imports = entries.map((e, i) => `import * as m${i} from ${json(e)}; void m${i};\n`);
  writeFileSync(join(project, 'import.mjs'), imports.join(''));
  await node('import.mjs');
  writeFileSync(
    join(project, 'require.cjs'),
    entries.map((e) => `require(${json(e)});\n`).join(''),
  );
  await node('--disable-warning=ExperimentalWarning', 'require.cjs');
  for (const command of targets.flatMap(commandsOf))
    await must('npm', ['exec', '--offline', '--no', '--', command, '--help'], { cwd: project });
}

/** Bundles every package that is for pages too as a page's bundler does: a module of Node's would end it. */
async function bundle(targets, project) {
  const names = targets.filter(({ folder }) => !nodePackages.includes(folder));
  const contents = names
    .map((t, i) => `export * as m${i} from ${json(t.manifest.name)};\n`)
    .join('');
  await build({
    stdin: { contents, resolveDir: project },
    platform: 'browser',
    bundle: true,
    write: false,
    format: 'esm',
    external: ['@tensorflow/*'],
    logLevel: 'error',
  });
}

/** Checks a program that uses every entry, in the ways that TypeScript finds modules. */
async function checkTypes(targets, project) {
  const uses = targets
    .flatMap(entriesOf)
    .map((e, i) => `import * as m${i} from ${json(e)};\nexport const v${i}: object = m${i};\n`);
  writeFileSync(join(project, 'use.ts'), uses.join(''));
  for (const resolution of resolutions) {
    const config = { compilerOptions: { ...compilerOptions, ...resolution }, files: ['use.ts'] };
    writeFileSync(join(project, 'tsconfig.json'), json(config));
    await nodeIn(project)(binary('typescript', 'tsc'));
  }
}

async function consume(installer, targets, checks) {
  const folder = mkdtempSync(join(tmpdir(), 'elbo-consume-'));
  const project = join(folder, 'project');
  try {
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), json(manifest(targets)));
    writeFileSync(join(project, '.npmrc'), [...strictness, ...quiet].join('\n'));
    await installers[installer](project);
    for (const check of checks) await check(targets, project);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const names = targets.map((target) => target.manifest.name).join(', ');
  console.log(`Installed by ${installer}: ${names}`);
}

await consume('pnpm', packages(), [load, bundle, checkTypes]);
for (const alone of ['cli', 'vae']) await consume('npm', [packageNamed(alone)], [load]);
