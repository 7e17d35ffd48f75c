/** At least so many milliseconds are measured at a time; a step that takes longer than the most is timed once. */
const atLeast = 150;
const atMost = 2000;

/** Whether a backend takes seconds for a step: plain JavaScript, and a GPU that is a program. */
export const isSlow = (backend, device) =>
  device === 'cpu' && ['cpu', 'webgl', 'webgpu'].includes(backend);

/** The reason of a program that has no such model. */
export const unwritten = 'not written';

/**
 * What answers a model's name with { ms }, milliseconds a step, or with { reason }, why not.
 *
 * @param builders By model, what makes its step: an async function of n that runs at least n steps to their end, and
 * resolves to how many.
 */
export function measurer(builders) {
  const steps = new Map();
  return async (model) => {
    if (!builders[model]) return { reason: unwritten };
    if (!steps.has(model)) {
      const run = await builders[model]();
      await run(1);
      const start = performance.now();
      const ran = await run(1);
      const ms = (performance.now() - start) / ran;
      steps.set(model, { run, ms, n: Math.ceil(atLeast / ms) });
    }
    const { run, ms, n } = steps.get(model);
    if (ms > atMost) return { ms };
    const start = performance.now();
    const ran = await run(n);
    return { ms: (performance.now() - start) / ran };
  };
}
