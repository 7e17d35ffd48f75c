export { annealedLikelihood, type AnnealedLikelihood } from './ais/annealed_likelihood.js';
export {
  bidirectionalLikelihood,
  simulate,
  type BidirectionalLikelihood,
  type Simulated,
} from './ais/bidirectional.js';
export type { Chains } from './ais/chains.js';
export type { AnnealingOptions } from './ais/options.js';
export {
  posteriorDraws,
  type PosteriorDraws,
  type PosteriorDrawsOptions,
} from './ais/posterior_draws.js';
export type { AnnealedRow, AnnealingState, Leg, Plan } from './ais/state.js';
export { conformalPValues, conformalThreshold } from './anomalies/conformal.js';
export { aupr, auroc } from './anomalies/detection.js';
export { judgeScores, type JudgedScores } from './anomalies/judged.js';
export {
  anomalyScores,
  typicality,
  withoutComplexity,
  type AnomalyScoreOptions,
  type AnomalyScores,
} from './anomalies/scores.js';
export {
  findCollapse,
  type Collapse,
  type CollapseOptions,
  type SamplesSeen,
  type Sign,
} from './collapse.js';
export { compareSamples, type SampleComparison } from './compare_samples.js';
export { diagnose, type DiagnoseOptions, type Diagnosis } from './diagnosis/diagnose.js';
export type { Probe } from './diagnosis/probe.js';
export type { Refit, RefitOptions } from './diagnosis/refit.js';
export type { Reliability, ReliabilityBin } from './diagnosis/reliability.js';
export { aggregateKl, type AggregateKlOptions } from './divergences/aggregate_kl.js';
export type { CalibrationOptions, NeighbourEstimate } from './divergences/calibration.js';
export { entropy, type NeighbourOptions } from './divergences/entropy.js';
export { klBetweenSamples } from './divergences/kl_between_samples.js';
export {
  klByClassifier,
  type ClassifierKl,
  type KlByClassifierOptions,
} from './divergences/kl_by_classifier.js';
export { klToDensity, type KlToDensityOptions } from './divergences/kl_to_density.js';
export type { ClassifierOptions } from './divergences/log_ratio.js';
export { whiten, type Whitened } from './divergences/whiten.js';
export { activeUnits, ownCodeGain, unitVariances } from './encoder_use.js';
export { estimateOf, median, sayEstimate, type Estimate } from './estimate.js';
export { information, type Information, type InformationOptions } from './information.js';
export { boundsOf, type BoundsOptions, type ElboBounds } from './likelihood/bounds.js';
export type { ReportedElbo } from './likelihood/reported.js';
export type { BoundedRows, RowBounds, RowEnds } from './likelihood/row_bounds.js';
export {
  estimateLikelihood,
  leastEffective,
  type ImportanceEstimate,
} from './likelihood/importance.js';
export { localElbo, type LocalElbo, type LocalElboOptions } from './likelihood/local_elbo.js';
export type { Likelihood } from './likelihood/likelihood.js';
export {
  posteriorSamples,
  type PosteriorSamples,
  type PosteriorSamplesOptions,
} from './fitted/posterior_samples.js';
export { impute, type Imputed } from './imputation/impute.js';
export {
  logLikelihood,
  usualSamples,
  type LikelihoodOptions,
} from './likelihood/log_likelihood.js';
export { LogSum } from './likelihood/log_sum.js';
export {
  semiImplicitElbo,
  type SemiImplicitElbo,
  type SemiImplicitOptions,
} from './likelihood/semi_implicit.js';
export { sliceRows } from './likelihood/slice_rows.js';
export {
  transportElbo,
  type TransportElbo,
  type TransportOptions,
} from './likelihood/transport.js';
export { nearestNeighbours, neighboursAmong, type Neighbours } from './neighbours/nearest.js';
export { pointsOf, type Points } from './points.js';
export { proposalMaker, type ProposalChoice } from './proposals/choice.js';
export type { NormalProposalOptions } from './proposals/normal.js';
export { priorProposal } from './proposals/prior.js';
export type { MakeProposal, Proposal } from './proposals/proposal.js';
export { betaVaeScore } from './representation/beta_vae_score.js';
export { dci, type Dci, type DciOptions } from './representation/dci.js';
export { disentanglementOf, type Disentanglement } from './representation/disentanglement.js';
export { factorVaeScore, type VoteOptions } from './representation/factor_vae_score.js';
export type { GapScore, Represented } from './representation/factors.js';
export { knnAccuracy } from './representation/knn_accuracy.js';
export {
  linearProbe,
  type LabelledPoints,
  type LinearProbeOptions,
} from './representation/linear_probe.js';
export { mig, type MigOptions } from './representation/mig.js';
export { sap } from './representation/sap.js';
export { areBits, drawLike, drawnAs, type DrawnAs } from './samples/drawn.js';
export { featureNetwork, type FeatureNetwork } from './samples/feature_network.js';
export { frechetDistance } from './samples/frechet.js';
export { kernelDistance, kernelDistanceByBlocks } from './samples/kernel_distance.js';
export { memorisation, type Memorisation } from './samples/memorisation.js';
export { neighbourhoods, type Neighbourhood } from './samples/neighbourhoods.js';
export { resampled, type ResampledOptions } from './samples/resampled.js';
export { trainFeatures, type TrainFeaturesOptions } from './samples/train_features.js';
export { classifierTest, type ClassifierTest } from './two_samples/classifier_test.js';
export { mmdTest } from './two_samples/mmd_test.js';
export type { PermutationOptions, TwoSampleTest } from './two_samples/permutation_test.js';
export {
  slicedWasserstein,
  slicedWassersteinTest,
  type SlicedOptions,
} from './two_samples/sliced_wasserstein.js';
