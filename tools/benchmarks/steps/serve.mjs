import { createInterface } from 'node:readline';

/** At least so long is measured at a time. */
const atLeast = 150;

/**
 * Answers each line {"model": NAME} with {"ms": milliseconds a step}, or {"reason": why not}.
 *
 * @param builders By model, what makes its step: an async function of n that runs n steps to their end.
 */
export async function serve(builders) {
  const steps = new Map();
  for await (const line of createInterface({ input: process.stdin })) {
    const { model } = JSON.parse(line);
    const answer = await measured(steps, builders, model).catch((error) => ({
      reason: error.message,
    }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

async function measured(steps, builders, model) {
  if (!builders[model]) return { reason: 'not written' };
  if (!steps.has(model)) {
    const run = await builders[model]();
    await run(2);
    const start = performance.now();
    await run(1);
    steps.set(model, { run, n: Math.max(1, Math.ceil(atLeast / (performance.now() - start))) });
  }
  const { run, n } = steps.get(model);
  const start = performance.now();
  await run(n);
  return { ms: (performance.now() - start) / n };
}
