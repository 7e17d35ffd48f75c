import {
  cast,
  engine,
  getBackend,
  getGradient,
  getKernel,
  registerGradient,
  tidy,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** What a kernel of gradients is asked for: the gradient of one input, a tensor of that input's shape. */
export type GradientAttrs<Input extends string> = Readonly<Record<'of', Input>>;

/**
 * The name of the kernel that gives an operation's first gradients, each in one pass, from the name of the operation's
 * own. Its inputs are `dy`, the gradient of the output, and those of the operation; its attributes the operation's, and
 * `of` (`GradientAttrs`). Where the backend has none, or the gradient is differentiated again, a composition runs.
 */
export const gradientKernel = (kernelName: string): string => `${kernelName}Gradient`;

type Saved<Input extends string> = Readonly<Record<Input | 'output', Tensor>>;
type Rules<Input extends string> = Readonly<Record<Input, () => Tensor>>;

/**
 * How to differentiate an operation, whether a kernel ran or its composition.
 *
 * The rule is written in differentiable operations of the saved *inputs*, so it can be differentiated again. The
 * output is saved beside them for what is cheaper from it, but it has no history: read it only when no tape is on.
 */
interface Gradient<Input extends string, Attrs extends NamedAttrMap = NamedAttrMap> {
  /** The names of the inputs; or 'listed' where they are a list, and named by their places in it. */
  readonly inputs: readonly Input[] | 'listed';
  readonly output?: true;
  rule(dy: Tensor, saved: Saved<Input>, attrs: Attrs): Rules<Input>;
}

/** What the engine does for `customGrad`, with each input's gradient computed only where it is wanted. */
interface Recorder {
  runKernelFunc<T>(call: {
    readonly inputs: NamedTensorMap;
    readonly forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => T;
    readonly backwardsFunc: (dy: Tensor, saved: Tensor[]) => Record<string, () => Tensor>;
  }): T;
}

/**
 * Runs a composition as one operation with its own rule: the tape has one node instead of one for each part, and where a
 * launch is what costs, as on GPUs and under tfjs-node, the rule's are half of those of the parts.
 */
function record<T extends Tensor | Tensor[], Input extends string, Attrs extends NamedAttrMap>(
  { inputs: named, output, rule }: Gradient<Input, Attrs>,
  given: Readonly<Record<Input, Tensor>> | readonly Tensor[],
  attrs: Attrs,
  composition: () => T,
): T {
  const names = (named === 'listed' ? Object.keys(given) : named) as readonly Input[];
  const tensors = names.map((name) => (given as Readonly<Record<Input, Tensor>>)[name]);
  return (engine() as unknown as Recorder).runKernelFunc({
    inputs: Object.fromEntries(names.map((name, i) => [name, tensors[i]!])),
    forwardFunc: (_backend, save) => {
      const value = composition();
      save([...tensors, ...(output ? [value as Tensor] : [])]);
      return value;
    },
    backwardsFunc: (dy, copies) => {
      const saved = Object.fromEntries(copies.map((x, i) => [names[i] ?? 'output', x] as const));
      return rule(dy, saved as Saved<Input>, attrs);
    },
  });
}

/** An operation: the name its kernels have, and its gradient if it has one. */
export interface Operation<Input extends string, Attrs extends NamedAttrMap = NamedAttrMap> {
  readonly kernelName: string;
  readonly gradient?: Gradient<Input, Attrs>;
}

/** tfjs types its look-ups as if they always found something. */
const has = (entry: unknown): boolean => entry !== undefined;

const hasKernel = (kernelName: string): boolean => has(getKernel(kernelName, getBackend()));

/** Gradients by the kernel of that name, for inputs by name. */
function fusedRules<Input extends string>(
  kernelName: string,
  inputs: readonly Input[],
  given: NamedTensorMap,
  attrs: NamedAttrMap,
): Rules<Input> {
  const rule = (of: Input) => (): Tensor => engine().runKernel(kernelName, given, { ...attrs, of });
  return Object.fromEntries(inputs.map((of) => [of, rule(of)])) as Rules<Input>;
}

function register<Input extends string, Attrs extends NamedAttrMap>(
  kernelName: string,
  { inputs, output, rule }: Gradient<Input, Attrs>,
): void {
  const listed = inputs === 'listed';
  const names = listed ? [] : [...inputs, 'output'];
  const fused = gradientKernel(kernelName);
  registerGradient({
    kernelName,
    ...(listed ? { saveAllInputs: true } : { inputsToSave: [...inputs] }),
    outputsToSave: output ? [true] : [],
    gradFunc: (given, tensors, attrs) => {
      const dy = given as Tensor;
      const saved = Object.fromEntries(tensors.map((x, i) => [names[i] ?? i, x] as const));
      // A kernel has no gradient of its own, so a second gradient must go through the rule.
      return !listed && hasKernel(fused) && !engine().isTapeOn()
        ? fusedRules(fused, inputs, { dy, ...saved }, attrs)
        : rule(dy, saved as Saved<Input>, attrs as Attrs);
    },
  });
}

const asFloat = (x: Tensor): Tensor => (x.dtype === 'float32' ? x : cast(x, 'float32'));

/** Whole numbers and truth values as float32, as compositions convert them; kernels are given nothing else. */
function asFloats(inputs: NamedTensorMap | readonly Tensor[]): NamedTensorMap | readonly Tensor[] {
  return Array.isArray(inputs)
    ? inputs.map(asFloat)
    : Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, asFloat(x)]));
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
  inputs: Readonly<Record<Input, Tensor>> | readonly Tensor[],
  attrs: Attrs,
  composition: () => T,
): T {
  if (!hasKernel(kernelName))
    return gradient && engine().isTapeOn()
      ? record(gradient, inputs, attrs, composition)
      : tidy(composition);
  if (gradient && !has(getGradient(kernelName))) register(kernelName, gradient);
  // The engine takes a list as well, whatever its type says.
  const run = (given: NamedTensorMap | readonly Tensor[]): T =>
    engine().runKernel<T>(kernelName, given as NamedTensorMap, attrs);
  if (Object.values<Tensor>(inputs).every(({ dtype }) => dtype === 'float32')) return run(inputs);
  // Not named after the kernel: the engine would give that kernel's gradient to the copies that it saves in the scope.
  return tidy(() => run(asFloats(inputs)));
}
