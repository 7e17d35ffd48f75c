import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { activationCode, leakyReluSlope } from './activations.js';
import { inFormat, type Format } from './formats.js';
import type { Machine } from './machine.js';

/** What a fused convolution is finished with. */
export type FinishInputs = Partial<Readonly<Record<'bias' | 'preluActivationWeights', TensorInfo>>>;

interface FinishAttrs {
  readonly activation: string;
  readonly dataFormat: string;
  readonly leakyreluAlpha?: number;
}

/** Another kernel's output in place of `x`. */
function replaced(machine: Machine, x: TensorInfo, run: (x: TensorInfo) => TensorInfo): TensorInfo {
  const output = run(x);
  machine.free(x);
  return output;
}

const size = ({ shape }: TensorInfo): number => util.sizeFromShape(shape);

/** Whether a tensor has one number for all channels or one for each, whatever else it is broadcast along. */
const isOfChannels = (x: TensorInfo, channels: number): boolean =>
  size(x) === 1 || (size(x) === channels && x.shape.at(-1) === channels);

/**
 * Images of a convolution, channels last, with bias and activation, in the format asked for; instead of them. A bias and
 * weights of prelu that have more numbers than channels are in that format already.
 */
export function finishInChannels(
  machine: Machine,
  x: TensorInfo,
  { bias, preluActivationWeights: alpha }: FinishInputs,
  { activation, dataFormat, leakyreluAlpha = leakyReluSlope }: FinishAttrs,
): TensorInfo {
  const channels = x.shape.at(-1)!;
  const prelu = activation === 'prelu';
  const code = prelu ? 0 : activationCode(activation);
  util.assert(
    code !== undefined && (!prelu || alpha !== undefined),
    () => `A fused convolution has no activation '${activation}', or lacks its weights.`,
  );
  const format = dataFormat as Format;
  const broadcast = bias !== undefined && !isOfChannels(bias, channels);
  const biased = broadcast ? replaced(machine, x, (a) => machine.call('Add', { a, b: bias })) : x;
  machine.side.finish(
    machine.address(biased),
    size(biased) / channels,
    channels,
    bias === undefined || broadcast ? 0 : machine.address(bias),
    0,
    bias !== undefined && size(bias) > 1,
    code!,
    leakyreluAlpha,
  );
  if (!prelu) return inFormat(machine, format, biased);
  const run = (y: TensorInfo): TensorInfo =>
    replaced(machine, y, (z) => machine.call('Prelu', { x: z, alpha: alpha! }));
  return isOfChannels(alpha!, channels)
    ? inFormat(machine, format, run(biased))
    : run(inFormat(machine, format, biased));
}
