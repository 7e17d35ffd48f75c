export { anchoredEncoder, type AnchoredEncoderOptions } from './anchored.js';
export { basisEncoder, type BasisEncoderOptions } from './basis.js';
export { deterministicEncoder } from './deterministic.js';
export { encoderKinds } from './encoder_kinds.js';
export { flowEncoder, type FlowEncoderOptions } from './flow.js';
export { gaussianEncoder, type GaussianEncoderOptions } from './gaussian.js';
export { implicitEncoder, type ImplicitEncoderOptions } from './implicit.js';
export { mixtureEncoder, type MixtureEncoderOptions } from './mixture.js';
export type { EncoderOptions } from './options.js';
export {
  structuredEncoder,
  type StructuredEncoderOptions,
  type StructuredPart,
} from './structured.js';
