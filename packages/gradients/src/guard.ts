import { restoreRules } from './register.js';

let warned = false;

/**
 * Puts the rules back where another package has registered its own over them, and says so once: a training must not go on
 * with other gradients than it began with.
 */
export function guardRules(): void {
  const replaced = restoreRules();
  if (replaced.length === 0 || warned) return;
  warned = true;
  console.warn(
    `Something registered other gradients for ${replaced.length} kernels (${replaced.slice(0, 3).join(', ')} …) over those of ` +
      '@elbo/gradients, as @tensorflow/tfjs does when it is imported after Elbo. They were put back, and Elbo trains with ' +
      'its own. To silence this, import @tensorflow/tfjs before Elbo, or @tensorflow/tfjs-core in its place.',
  );
}
