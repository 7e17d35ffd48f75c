export {
  activate,
  activationGradientKernel,
  type ActivationGradientAttrs,
  type ActivationGradientInputs,
} from './activation.js';
export type { Activation } from './activations.js';
export * from './adam_update.js';
export * from './bce_with_logits.js';
export * from './dense.js';
export { gradientKernel, type GradientAttrs } from './dispatch.js';
export * from './errors.js';
export * from './gaussian_kl.js';
export * from './layer_norm.js';
export * from './log_sum_exp.js';
export * from './noise.js';
export { normalLogProb, normalLogProbKernel, type NormalLogProbInputs } from './normal_log_prob.js';
export * from './random_bernoulli.js';
export * from './reparameterize.js';
export * from './soft_bound.js';
export * from './squared_norm.js';
export * from './standard_normal_log_prob.js';
export { registerSteps, steps, type Steps } from './steps.js';
export { untaped } from './untaped.js';
