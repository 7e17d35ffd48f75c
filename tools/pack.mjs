// Packs every package as npm would publish it and checks the tarballs, which stay for the consumers' tests:
//   node tools/pack.mjs
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { must, run } from './lib/run.mjs';
import { packages, root, tarballOf, tarballs } from './lib/workspace.mjs';

/** How a package of ES modules is not found: by Node before 12, and by a require() before Node 20.19. */
const unsupported = ['node10', 'node16-cjs'];

/** npm packs a licence that is there, and says nothing of one that is not; nor does it follow a link. */
async function wrongLicence(tarball) {
  const { stdout } = await run('tar', ['-xzOf', tarball, 'package/LICENSE']);
  return stdout === readFileSync('LICENSE', 'utf8')
    ? []
    : ['the LICENSE in its tarball is not that of the repository; copy it'];
}

/** What publint finds amiss in a tarball, in words. */
async function wrongManifest(data) {
  const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, strict: true });
  return messages
    .filter(({ type }) => type !== 'suggestion')
    .map((message) => formatMessage(message, pkg, { color: false }));
}

/** The types that users would not get, or get wrong. */
async function wrongTypes(data) {
  const { types, problems = [] } = await checkPackage(createPackageFromTarballData(data));
  if (!types) return ['it declares no types'];
  return problems
    .filter(({ resolutionKind }) => !unsupported.includes(resolutionKind))
    .map((problem) => `its types: ${JSON.stringify(problem)}`);
}

process.chdir(root);
rmSync(tarballs, { recursive: true, force: true });
mkdirSync(tarballs, { recursive: true });
await must('npm', ['pack', '--workspaces', '--silent', '--pack-destination', tarballs]);

for (const library of packages()) {
  const tarball = tarballOf(library);
  const data = new Uint8Array(readFileSync(tarball));
  const wrong = [
    ...(await wrongLicence(tarball)),
    ...(await wrongManifest(data)),
    ...(await wrongTypes(data)),
  ];
  for (const line of wrong) console.error(`${library.manifest.name}: ${line}`);
  if (wrong.length > 0) process.exitCode = 1;
}
if (!process.exitCode) console.log(`${packages().length} packages are fit to be published.`);
