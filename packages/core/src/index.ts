export { isConfig, type Config, type Json } from './config.js';
export { couplingOf, type Coupled, type Coupling } from './coupling.js';
export { describeOption, type OptionType } from './describe_option.js';
export { bernoulli, type Bernoulli } from './distributions/bernoulli.js';
export { categorical, type Categorical } from './distributions/categorical.js';
export {
  discretisedLogistic,
  type DiscretisedLogistic,
} from './distributions/discretised_logistic.js';
export { fullNormal, type FullNormal } from './distributions/full_normal.js';
export {
  gaussianMixture,
  gaussiansOnCircle,
  type CircleOptions,
  type GaussianMixtureOptions,
} from './distributions/gaussian_mixture.js';
export { implicit, type Implicit } from './distributions/implicit.js';
export { boundedLogScale } from './distributions/log_scale.js';
export { mixtureLogProb, type MixtureComponents } from './distributions/mixture_log_prob.js';
export { normal, type Normal } from './distributions/normal.js';
export { oneHotPrior } from './distributions/one_hot.js';
export { priorKinds } from './distributions/prior_kinds.js';
export { namedSlice, productKind, productPrior, sliceOf } from './distributions/product.js';
export { valuesPerRow } from './distributions/rows.js';
export { isStandardNormal, standardNormal } from './distributions/standard_normal.js';
export type { Support } from './distributions/support.js';
export { table, type TableParameters } from './distributions/table.js';
export { tableLayout, type TableColumn, type TableLayout } from './distributions/table_columns.js';
export { swissRoll, type SwissRollOptions } from './distributions/swiss_roll.js';
export { priorCategory, type Distribution, type Prior, type Slice } from './distributions/types.js';
export { uniform, type UniformOptions } from './distributions/uniform.js';
export {
  klBernoulli,
  klCategorical,
  klFullNormal,
  klFullNormalToStandard,
  klNormal,
  klNormalToStandard,
} from './divergences.js';
export {
  BackendError,
  CompositionError,
  ConfigError,
  DataError,
  ElboError,
  FileError,
  MemoryError,
  messageOf,
  NumericalError,
  ShapeError,
} from './errors.js';
export { expectBackend } from './expect_backend.js';
export { expectGiven, expectParts } from './expect_given.js';
export { breath, macrotask } from './macrotask.js';
export { leastSd, type ColumnMoments, type DataMoments } from './moments.js';
export {
  initPart,
  networkCategory,
  pairNetworkCategory,
  type Mode,
  type Network,
  type Shapes,
} from './network.js';
export { countParameters, formatBytes, parameter, parametersLike } from './parameters.js';
export { parseJson, type JsonLimits } from './parse_json.js';
export { printable, printableJson, printableLines } from './printable.js';
export { protobufBytes, protobufField, type ProtobufMessage } from './protobuf.js';
export {
  category,
  createRegistry,
  defineKind,
  nested,
  type Category,
  type Kind,
  type Registry,
} from './registry.js';
export {
  asSchedule,
  buildSchedule,
  constant,
  cosine,
  cyclical,
  delayed,
  exponential,
  linear,
  scheduleCategory,
  scheduleConfig,
  scheduled,
  scheduleKinds,
  type Schedule,
} from './schedules.js';
export {
  safetensorsArrays,
  type SafetensorsArray,
  type SafetensorsType,
} from './safetensors/arrays.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  type HostTensor,
  type Safetensors,
} from './safetensors/safetensors.js';
export { asGiven, exactly, jsonText, notNegative, positive, recordOf, whole } from './schemas.js';
export {
  asVectors,
  expectBatchOf,
  flattenBatch,
  formatShape,
  repeatBatch,
  sameShape,
  sizeOf,
  type Shape,
} from './shapes.js';
export { closest } from './spelling.js';
export type { Store } from './store.js';
export {
  countParams,
  disposeTree,
  keepTree,
  mapTree,
  paramsAt,
  tensorAt,
  treeMismatch,
  zerosLikeTree,
  type Params,
} from './trees.js';
export { flatten, leaves, unflatten, type Leaf } from './leaves.js';
