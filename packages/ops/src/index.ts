export {
  activate,
  activationGradientKernel,
  type ActivationGradientAttrs,
  type ActivationGradientInputs,
} from './activation.js';
export type { Activation } from './activations.js';
export {
  adamUpdate,
  adamUpdateKernel,
  type AdamUpdate,
  type AdamUpdateAttrs,
  type AdamUpdated,
} from './adam_update.js';
export { bceWithLogits, bceWithLogitsKernel, type BceWithLogitsInputs } from './bce_with_logits.js';
export { dense, denseKernel, type DenseAttrs, type DenseInputs } from './dense.js';
export { gradientKernel, type GradientAttrs } from './dispatch.js';
export { OperationError } from './errors.js';
export { gaussianKl, gaussianKlKernel, type GaussianKlInputs } from './gaussian_kl.js';
export {
  layerNorm,
  layerNormKernel,
  type LayerNormAttrs,
  type LayerNormInputs,
} from './layer_norm.js';
export {
  logSumExp,
  logSumExpKernel,
  type LogSumExpAttrs,
  type LogSumExpInputs,
} from './log_sum_exp.js';
export {
  randomNormal,
  randomNormalKernel,
  randomUniform,
  randomUniformKernel,
  type NoiseAttrs,
} from './noise.js';
export { normalLogProb, normalLogProbKernel, type NormalLogProbInputs } from './normal_log_prob.js';
export {
  randomBernoulli,
  randomBernoulliKernel,
  type RandomBernoulliInputs,
} from './random_bernoulli.js';
export {
  reparameterize,
  reparameterizeKernel,
  type ReparameterizeInputs,
} from './reparameterize.js';
export {
  softBound,
  softBoundKernel,
  type SoftBoundAttrs,
  type SoftBoundInputs,
} from './soft_bound.js';
export { squaredNorm, squaredNormKernel } from './squared_norm.js';
export {
  standardNormalLogProb,
  standardNormalLogProbKernel,
  type StandardNormalLogProbInputs,
} from './standard_normal_log_prob.js';
export { registerSteps, steps, type Steps } from './steps.js';
export { untaped } from './untaped.js';
