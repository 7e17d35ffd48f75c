// The frameworks that a Python here has.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The Python that is asked. */
export const python = process.env.ELBO_PYTHON ?? 'python3';

const script = (file) => fileURLToPath(new URL(file, import.meta.url));
const answers = (code) => spawnSync(python, ['-c', code], { stdio: 'ignore' }).status === 0;

/** PyTorch's programs by name: eager and compiled, on one thread; on all cores and a GPU where wanted, and there. */
export function torch({ allCores = false, cuda = false } = {}) {
  if (!answers('import torch')) return {};
  const steps = (...flags) => [python, script('torch_steps.py'), ...flags];
  return {
    'PyTorch, 1 thread': steps(),
    'PyTorch compiled, 1 thread': steps('compiled'),
    ...(allCores && { 'PyTorch, all cores': steps('all-cores') }),
    ...(cuda &&
      answers('import torch; assert torch.cuda.is_available()') && {
        'PyTorch, GPU': steps('cuda'),
        'PyTorch compiled, GPU': steps('cuda', 'compiled'),
      }),
  };
}

/** JAX's. */
export const jax = () =>
  answers('import jax') ? { 'JAX jit, 1 thread': [python, script('jax_steps.py')] } : {};
