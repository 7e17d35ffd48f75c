// Packs one package as npm would publish it and checks the tarball, which stays for the consumers' tests:
//   node tools/pack.mjs PACKAGE
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './lib/run.mjs';
import { binary, packageNamed, root } from './lib/workspace.mjs';

const { path } = packageNamed(process.argv[2]);
const folder = join(path, '.elbo');
mkdirSync(folder, { recursive: true });
const packed = await must('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: path });
const tarball = join(folder, 'package.tgz');
renameSync(join(folder, packed.trim().split('\n').at(-1)), tarball);

// npm packs a licence that is there, and says nothing of one that is not; nor does it follow a link.
const licence = await must('tar', ['-xzOf', tarball, 'package/LICENSE']);
if (licence !== readFileSync(join(root, 'LICENSE'), 'utf8'))
  throw new Error(`${path}: the LICENSE in its tarball is not that of the repository; copy it.`);

for (const [tool, command, ...args] of [
  ['publint', 'publint', tarball, '--strict'],
  ['@arethetypeswrong/cli', 'attw', tarball, '--profile', 'esm-only'],
])
  console.log(await must(process.execPath, [binary(tool, command), ...args], { cwd: path }));
