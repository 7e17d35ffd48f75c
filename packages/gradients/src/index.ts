import './register.js';

export { avoidedKernels } from './avoided_kernels.js';
export { detach } from './detach.js';
export { GradientError } from './errors.js';
export { gradientsOf, type Differentiated } from './gradients_of.js';
export { inputGradient } from './input_gradient.js';
export { sumInParts } from './sum_in_parts.js';
export { restoreRules } from './register.js';
export { scope } from './tape.js';
export { flatten, leaves, unflatten, type Leaf, type TensorTree } from './tree.js';
export { untaped } from './untaped.js';
