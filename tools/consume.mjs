// Uses one package as its users do: installed alone from its tarball in an empty project, imported,
// required, type-checked, and its command called:
//   node tools/consume.mjs PACKAGE
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from './lib/run.mjs';
import { binary, closure, packageNamed } from './lib/workspace.mjs';

const target = packageNamed(process.argv[2]);
const { name, exports, bin, peerDependencies = {}, peerDependenciesMeta = {} } = target.manifest;
const required = Object.entries(peerDependencies).filter(
  ([peer]) => !peerDependenciesMeta[peer]?.optional,
);
const tarball = ({ path, manifest }) => {
  const file = join(path, '.elbo', 'package.tgz');
  if (!existsSync(file))
    throw new Error(`${manifest.name} is not packed: nx run ${manifest.name}:pack`);
  return `file:${file}`;
};
const entries = Object.keys(exports)
  .filter((entry) => entry !== './package.json')
  .map((entry) => name + entry.slice(1));

const project = mkdtempSync(join(tmpdir(), `elbo-consume-${target.folder}-`));
const write = (file, text) => writeFileSync(join(project, file), text);
const node = (...args) => must(process.execPath, args, { cwd: project });
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

try {
  // The packages beneath it are not on the registry yet, so they too come from their tarballs.
  const beneath = closure(target).filter((p) => p !== target);
  write(
    'package.json',
    json({
      private: true,
      type: 'module',
      dependencies: { [name]: tarball(target), ...Object.fromEntries(required) },
      overrides: Object.fromEntries(beneath.map((p) => [p.manifest.name, tarball(p)])),
    }),
  );
  await must(
    'npm',
    [
      'install',
      '--prefer-offline',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
    ],
    { cwd: project },
  );

  write(
    'import.mjs',
    entries.map((e, i) => `import * as m${i} from ${json(e)}; void m${i};\n`).join(''),
  );
  await node('import.mjs');
  write('require.cjs', entries.map((e) => `require(${json(e)});\n`).join(''));
  await node('--disable-warning=ExperimentalWarning', 'require.cjs');

  write(
    'use.ts',
    entries
      .map((e, i) => `import * as m${i} from ${json(e)};\nexport const v${i}: object = m${i};\n`)
      .join(''),
  );
  for (const resolution of resolutions) {
    write(
      'tsconfig.json',
      json({ compilerOptions: { ...compilerOptions, ...resolution }, files: ['use.ts'] }),
    );
    await node(binary('typescript', 'tsc'));
  }

  for (const command of Object.keys(
    typeof bin === 'string' ? { [target.folder]: bin } : (bin ?? {}),
  ))
    await must('npm', ['exec', '--offline', '--no', '--', command, '--help'], { cwd: project });
  console.log(`${name} installs alone: ${entries.join(', ')}`);
} finally {
  rmSync(project, { recursive: true, force: true });
}
