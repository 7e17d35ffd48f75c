/** At least so many milliseconds are measured at a time; a first step that takes longer than the most is the only one. */
const atLeast = 150;
export const atMost = 2000;

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
      const first = await time(run, 1);
      if (first > atMost) return { ms: first };
      const ms = await time(run, 1);
      steps.set(model, { run, n: Math.ceil(atLeast / ms) });
    }
    const { run, n } = steps.get(model);
    return { ms: await time(run, n) };
  };
}

/** Milliseconds a step of at least n of them. */
async function time(run, n) {
  const start = performance.now();
  const ran = await run(n);
  return (performance.now() - start) / ran;
}
