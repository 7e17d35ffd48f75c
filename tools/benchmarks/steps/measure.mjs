/** At least so many milliseconds are measured at a time. */
const atLeast = 150;

/**
 * What answers a model's name with { ms }, milliseconds a step, or with { reason }, why not.
 *
 * @param builders By model, what makes its step: an async function of n that runs n steps to their end.
 */
export function measurer(builders) {
  const steps = new Map();
  return async (model) => {
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
  };
}
