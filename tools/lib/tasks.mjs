// Running nx targets over the repository, and counting what passed.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { binary, packages, readJson, root, scratch } from './workspace.mjs';

const nx = (args, options) =>
  run(process.execPath, [binary('nx'), ...args], { cwd: root, ...options });

/** Builds every package quietly; what has not changed since is not built again. */
export async function build() {
  const { status, output } = await nx(['run', 'tools:build']);
  if (status !== 0) throw new Error(`${output}\nThe build failed.`);
}

/** Compiles the WebAssembly modules of packages whose sources have one. */
export async function assemble() {
  const { status, output } = await nx(['run-many', '-t', 'assemble', '-p', 'packages/*']);
  if (status !== 0) throw new Error(`${output}\nThe WebAssembly modules do not compile.`);
}

/** The tests of one package, as vitest counted them in its last run or as nx restored them. */
function countTests(path, succeeded) {
  const file = join(path, '.elbo', 'tests.json');
  const tests = existsSync(file) ? readJson(file) : undefined;
  // A run that failed without a failed test (a file that does not load, a crash) is one failure.
  if (!succeeded && !tests?.numFailedTests) return { passed: 0, failed: 1, skipped: 0 };
  return {
    passed: tests?.numPassedTests ?? 0,
    failed: tests?.numFailedTests ?? 0,
    skipped: (tests?.numPendingTests ?? 0) + (tests?.numTodoTests ?? 0),
  };
}

const succeeded = (status) =>
  status === 'success' || status.endsWith('cache') || status.includes('kept');

/** One task's part of the count. nx does not mention what it did not run. */
function countTask(target, path, outcome) {
  if (outcome === undefined) return { passed: 0, failed: 0, skipped: 1 };
  const ok = succeeded(outcome);
  return target === 'test'
    ? countTests(path, ok)
    : { passed: Number(ok), failed: Number(!ok), skipped: 0 };
}

/** The projects that nx should run a target in: packages by their scripts, and the tools. */
function projectsWith(target) {
  const path = join(root, 'tools');
  const inPackages = [...packages(), ...packages(path)]
    .filter(({ manifest }) => manifest.scripts?.[target])
    .map(({ manifest, path: folder }) => ({ name: manifest.name, path: folder }));
  const { name, targets } = readJson(join(path, 'project.json'));
  return targets[target] ? [...inPackages, { name, path }] : inPackages;
}

/**
 * Runs targets in every package and in `tools/`, and resolves to one row a target. Each test counts
 * by itself, and so does every other task (the types of one package, say).
 */
export async function runTargets(targets) {
  mkdirSync(scratch, { recursive: true });
  const profile = join('.elbo', 'tasks.json');
  rmSync(join(root, profile), { force: true });
  const { status } = await nx(['run-many', '-t', ...targets], {
    inherit: true,
    env: { ...process.env, NX_PROFILE: profile },
  });
  if (!existsSync(join(root, profile))) throw new Error(`nx ended with ${status} and ran nothing.`);
  const ended = new Map(
    readJson(join(root, profile))
      .filter(({ ph }) => ph === 'X')
      .map(({ name, args }) => [name, args.status]),
  );

  const rows = targets.map((target) => {
    const row = { target, passed: 0, failed: 0, skipped: 0, notRun: [], inFailed: [], without: [] };
    for (const { name, path } of projectsWith(target)) {
      const outcome = ended.get(`${name}:${target}`);
      const { passed, failed, skipped } = countTask(target, path, outcome);
      row.passed += passed;
      row.failed += failed;
      row.skipped += skipped;
      if (outcome === undefined) row.notRun.push(name);
      else if (failed > 0) row.inFailed.push(name);
      else if (passed + skipped === 0) row.without.push(name);
    }
    return row;
  });
  return { rows, status };
}
