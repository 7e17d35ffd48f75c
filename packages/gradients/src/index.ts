import './register.js';

export { detach } from './detach.js';
export { GradientError } from './errors.js';
export { gradientsOf, type Differentiated } from './gradients_of.js';
export { inputGradient } from './input_gradient.js';
export { slowTransposes } from './slow_transposes.js';
export { flatten, leaves, unflatten, type Leaf, type TensorTree } from './tree.js';
