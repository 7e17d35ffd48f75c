export { findCollapse, type Collapse, type CollapseOptions, type Sign } from './collapse.js';
export { compareSamples, type SampleComparison } from './compare_samples.js';
export { activeUnits, informationUsed, type InformationUsed } from './encoder_use.js';
export { type Estimate } from './estimate.js';
export { estimateLikelihood, type ImportanceEstimate } from './likelihood/importance.js';
export { defensive, priorProposal } from './likelihood/proposals.js';
export { annealedLikelihood, type AnnealedLikelihood } from './ais/annealed_likelihood.js';
export {
  bidirectionalLikelihood,
  simulate,
  type BidirectionalLikelihood,
  type Simulated,
} from './ais/bidirectional.js';
export { type AnnealingOptions } from './ais/options.js';
export { type AnnealedRow, type AnnealingState, type Leg } from './ais/state.js';
export { type Chains } from './ais/chains.js';
