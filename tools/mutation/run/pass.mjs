// One pass over one file of tests, in the process where the sources are loaded already.
import { startTests } from '@vitest/runner';
import { TestRunner } from 'vitest';

/** A test's name with those of what it stands in. */
function nameOf(task) {
  const names = [];
  for (let at = task; at && at !== task.file; at = at.suite) names.unshift(at.name);
  return names.join(' > ');
}

/** Leaves out what is not wanted, and what holds nothing wanted. Gives whether anything is left. */
function keep(task, wanted) {
  const kept =
    task.type === 'test'
      ? wanted(nameOf(task))
      : task.tasks.map((each) => keep(each, wanted)).includes(true);
  if (!kept) task.mode = 'skip';
  return kept && task.mode !== 'skip';
}

/** What this process has computed so far, in ms, and a little of the time that went by, in which others may have worked for it. */
export function spent() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + 0.1 * performance.now();
}

class Pass extends TestRunner {
  times = [];

  /** A file of tests is loaded anew each time, for its suites hold what its tests made; what it imports stays. */
  importFile(path, source) {
    const { evaluatedModules } = this.workerState;
    const node = evaluatedModules.getModuleById(path);
    if (node) evaluatedModules.invalidateModule(node);
    return super.importFile(path, source);
  }

  onCollected([file]) {
    this.onPhase?.('suite');
    if (this.wanted) keep(file, this.wanted);
  }

  onBeforeTryTask(test) {
    super.onBeforeTryTask(test);
    this.began = spent();
    this.onPhase?.(nameOf(test));
  }

  onAfterRunTask(test) {
    super.onAfterRunTask(test);
    if (this.began !== undefined) this.times.push({ test: nameOf(test), ms: spent() - this.began });
    this.began = undefined;
    this.onPhase?.('suite');
    if (this.bail && test.result?.state === 'fail') this.cancelRun = true;
  }
}

/** What failed first: a test, or what stands around it. */
function failureOf(task) {
  if (task.result?.state !== 'fail') return undefined;
  for (const each of task.tasks ?? []) {
    const failure = failureOf(each);
    if (failure) return failure;
  }
  return { test: nameOf(task), says: String(task.result.errors?.[0]?.message ?? '') };
}

/**
 * Runs the tests of one file that are wanted, to the first failure if `bail` says so.
 *
 * @returns the failure, if there is one, and of each test that ran its name and what it cost (`spent`).
 */
export async function pass(outer, path, { wanted, bail = false, limit, onPhase } = {}) {
  const runner = new Pass({
    ...outer.config,
    ...(limit !== undefined && { testTimeout: limit, hookTimeout: limit }),
  });
  Object.defineProperty(runner, 'moduleRunner', { value: outer.moduleRunner });
  runner.__setTraces(outer._otel);
  Object.assign(runner, { wanted, bail, onPhase });
  const { workerState } = runner;
  workerState.filepath = path;
  let rejected;
  const onRejection = (error) => (rejected ??= error);
  process.prependListener('unhandledRejection', onRejection);
  try {
    onPhase?.('load');
    const [file] = await startTests([{ filepath: path }], runner);
    await new Promise((resolve) => setImmediate(resolve));
    const failure =
      failureOf(file) ??
      (rejected && { test: 'a promise that nobody waits for', says: String(rejected) });
    return { failure, times: runner.times };
  } finally {
    process.off('unhandledRejection', onRejection);
  }
}
