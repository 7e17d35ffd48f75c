// How much of a training step is spent in kernels, and in which: the rest is the engine's, the tape's and the trainer's.
import { selectBackend } from '@elbo/backends';
import { getKernelsForBackend, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { buildersFor } from './steps/elbo_models.mjs';

export const name = 'kernels';

const steps = 50;
/** So many kernels are named. */
const most = 4;

/** Makes every kernel of the backend add its time to a table. What a kernel calls counts as its own. */
function timeKernels(backend) {
  const times = new Map();
  let inside = false;
  for (const kernel of getKernelsForBackend(backend)) {
    const { kernelName, kernelFunc } = kernel;
    unregisterKernel(kernelName, backend);
    registerKernel({
      ...kernel,
      kernelFunc: (call) => {
        if (inside) return kernelFunc(call);
        inside = true;
        const start = performance.now();
        try {
          return kernelFunc(call);
        } finally {
          inside = false;
          const { ms = 0, calls = 0 } = times.get(kernelName) ?? {};
          times.set(kernelName, { ms: ms + performance.now() - start, calls: calls + 1 });
        }
      },
    });
  }
  return times;
}

export async function run() {
  await selectBackend({ backend: 'wasm', threads: 1 });
  const times = timeKernels('wasm');
  const rows = [];
  for (const [model, build] of Object.entries(buildersFor())) {
    const run = await build();
    await run(steps);
    times.clear();
    const start = performance.now();
    const ran = await run(steps);
    const ms = (performance.now() - start) / ran;
    const kernels = [...times].sort(([, a], [, b]) => b.ms - a.ms);
    const inKernels = kernels.reduce((sum, [, kernel]) => sum + kernel.ms, 0) / ran;
    const calls = kernels.reduce((sum, [, kernel]) => sum + kernel.calls, 0) / ran;
    const longest = kernels
      .slice(0, most)
      .map(([kernelName, kernel]) => `${kernelName} ${(kernel.ms / ran).toFixed(2)}`)
      .join(', ');
    rows.push({ model, ms, 'in kernels': inKernels, outside: 1 - inKernels / ms, calls, longest });
  }
  return { rows };
}
