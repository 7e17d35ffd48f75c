import {
  broadcast_util,
  engine,
  reshape,
  sum,
  util,
  zeros,
  type GradConfig,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { detach } from '../detach.js';

/** The gradients of a kernel's inputs, by name, computed when asked for. */
type InputGradients = Record<string, () => Tensor>;

/** How the gradient of a kernel of one output is found. */
interface Rule<Attrs> {
  /** Names of the inputs that `gradient` needs, in the order it receives them. */
  readonly inputs?: readonly string[];
  /** Whether `gradient` receives the output after the inputs. See {@link saved}. */
  readonly output?: boolean;
  gradient(dy: Tensor, saved: readonly Tensor[], attrs: Attrs): InputGradients;
}

/** A rule as tfjs registers it. */
export function rule<Attrs = object>(
  kernelName: string,
  { inputs = [], output = false, gradient }: Rule<Attrs>,
): GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputs],
    outputsToSave: [output],
    gradFunc: (dy, saved, attrs) => gradient(dy as Tensor, saved, attrs as Attrs),
  };
}

/** The rule of a kernel of one input `x`, whose gradient is a function of dy and x. */
export function unary(kernelName: string, gradient: (dy: Tensor, x: Tensor) => Tensor): GradConfig {
  return rule(kernelName, {
    inputs: ['x'],
    gradient: (dy, [x]) => ({ x: () => gradient(dy, x!) }),
  });
}

/** The rule of a kernel y = op(x), whose gradient is a function of dy, y and x. */
export function unaryByOutput(
  kernelName: string,
  op: (x: Tensor) => Tensor,
  gradient: (dy: Tensor, y: Tensor, x: Tensor) => Tensor,
): GradConfig {
  return rule(kernelName, {
    inputs: ['x'],
    output: true,
    gradient: (dy, [x, y]) => ({
      x: () =>
        gradient(
          dy,
          saved(y!, () => op(x!)),
          x!,
        ),
    }),
  });
}

/** The rule of an elementwise kernel of inputs `a` and `b`, which broadcast. */
export function binary(
  kernelName: string,
  a: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
  b: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
): GradConfig {
  return rule(kernelName, {
    inputs: ['a', 'b'],
    gradient: (dy, [x, y]) => ({
      a: () => sumTo(a(dy, x!, y!), x!.shape),
      b: () => sumTo(b(dy, x!, y!), y!.shape),
    }),
  });
}

/**
 * A saved output, or the output computed again when the gradient is itself recorded: the tape lists
 * the copy that it saves of an output before the operation that makes it, so a second derivative
 * through the copy would silently be zero. The copy of an input is listed rightly.
 */
export function saved(output: Tensor, compute: () => Tensor): Tensor {
  return engine().isTapeOn() ? compute() : output;
}

/**
 * Sums a gradient over the axes along which an input of `shape` was broadcast. A new tensor, for tfjs's own gradients
 * dispose what they add up.
 */
export function sumTo(gradient: Tensor, shape: number[]): Tensor {
  const axes = broadcast_util.getReductionAxes(shape, gradient.shape);
  // Where nobody differentiates again, another name of the same data does without an operation.
  if (axes.length === 0 && !engine().isTapeOn() && util.arraysEqual(shape, gradient.shape))
    return detach(gradient);
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, shape);
}

/** Zeros, float32, in the shape of a tensor of any type. */
export function nothing(x: Tensor): Tensor {
  return zeros(x.shape);
}
