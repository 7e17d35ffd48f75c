import {
  engine,
  getBackend,
  getGradient,
  getKernel,
  registerGradient,
  tidy,
  type NamedAttrMap,
  type Tensor,
} from '@tensorflow/tfjs-core';

type Saved<Input extends string> = Readonly<Record<Input | 'output', Tensor>>;

/**
 * How to differentiate an operation whose kernel ran; its composition needs none, for the tape holds its parts.
 *
 * The rule is written in differentiable operations of the saved *inputs*, so it can be differentiated again. The
 * output is saved beside them for what is cheaper from it, but it has no history: read it only when no tape is on.
 */
interface Gradient<Input extends string, Attrs extends NamedAttrMap = NamedAttrMap> {
  readonly inputs: readonly Input[];
  readonly output?: true;
  rule(dy: Tensor, saved: Saved<Input>, attrs: Attrs): Readonly<Record<Input, () => Tensor>>;
}

/** An operation: the name its kernels have, and its gradient if it has one. */
export interface Operation<Input extends string, Attrs extends NamedAttrMap = NamedAttrMap> {
  readonly kernelName: string;
  readonly gradient?: Gradient<Input, Attrs>;
}

/** tfjs types its look-ups as if they always found something. */
const has = (entry: unknown): boolean => entry !== undefined;

function register<Input extends string, Attrs extends NamedAttrMap>(
  kernelName: string,
  { inputs, output, rule }: Gradient<Input, Attrs>,
): void {
  const names = [...inputs, 'output'];
  registerGradient({
    kernelName,
    inputsToSave: [...inputs],
    outputsToSave: output ? [true] : [],
    gradFunc: (dy, saved, attrs) =>
      rule(
        dy as Tensor,
        Object.fromEntries(saved.map((tensor, i) => [names[i], tensor])) as Saved<Input>,
        attrs as Attrs,
      ),
  });
}

/**
 * Runs the kernel of that name if the current backend has one, else the composition, which gives the same to 1e-5.
 * Every operation of this package goes through here.
 */
export function dispatch<
  T extends Tensor | Tensor[],
  Input extends string,
  Attrs extends NamedAttrMap,
>(
  { kernelName, gradient }: Operation<Input, Attrs>,
  inputs: Readonly<Record<Input, Tensor>>,
  attrs: Attrs,
  composition: () => T,
): T {
  if (!has(getKernel(kernelName, getBackend()))) return tidy(kernelName, composition);
  if (gradient && !has(getGradient(kernelName))) register(kernelName, gradient);
  return engine().runKernel(kernelName, inputs, attrs);
}
