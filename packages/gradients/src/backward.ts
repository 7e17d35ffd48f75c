import { add, clone, ones, util, type Tensor } from '@tensorflow/tfjs-core';
import { GradientError } from './errors.js';
import { locallyConstant } from './rules/constants.js';
import { scope, type TapeNode } from './tape.js';

interface Dependents {
  readonly active: TapeNode[];
  readonly varying: ReadonlySet<number>;
}

/** The recorded operations whose output varies with some of `xs`, and the ids of the tensors that do. */
function dependents(nodes: readonly TapeNode[], xs: readonly Tensor[]): Dependents {
  const varying = new Set(xs.map((x) => x.id));
  const active = nodes.filter((node) => {
    if (locallyConstant.has(node.kernelName)) return false;
    if (!Object.values(node.inputs).some((input) => varying.has(input.id))) return false;
    // Whole numbers and truth values are constant almost everywhere.
    const outputs = node.outputs.filter(({ dtype }) => dtype === 'float32');
    for (const output of outputs) varying.add(output.id);
    return outputs.length > 0;
  });
  return { active, varying };
}

/** Gradients by tensor id. A gradient is disposed as soon as nothing refers to it. */
function accumulator(wanted: ReadonlySet<number>) {
  const gradients = new Map<number, Tensor>();
  const uses = new Map<Tensor, number>();
  const release = (gradient: Tensor): void => {
    const left = uses.get(gradient)! - 1;
    uses.set(gradient, left);
    if (left === 0 && !gradient.kept) gradient.dispose();
  };
  const set = (id: number, gradient: Tensor): void => {
    gradients.set(id, gradient);
    uses.set(gradient, (uses.get(gradient) ?? 0) + 1);
  };
  return {
    get: (tensor: Tensor): Tensor | undefined => gradients.get(tensor.id),
    accumulate(tensor: Tensor, gradient: Tensor): void {
      const before = gradients.get(tensor.id);
      if (before === undefined) {
        set(tensor.id, gradient);
        return;
      }
      set(tensor.id, add(before, gradient));
      release(before);
      if (!uses.has(gradient) && !gradient.kept) gradient.dispose();
    },
    drop(tensor: Tensor): void {
      const gradient = gradients.get(tensor.id);
      if (gradient === undefined || wanted.has(tensor.id)) return;
      gradients.delete(tensor.id);
      release(gradient);
    },
  };
}

function check(node: TapeNode, name: string, input: Tensor, gradient: Tensor): void {
  if (gradient.dtype === 'float32' && util.arraysEqual(gradient.shape, input.shape)) return;
  throw new GradientError(
    `The gradient registered for ${node.kernelName} gives ${gradient.dtype} [${gradient.shape.join()}] ` +
      `for its input '${name}' of shape [${input.shape.join()}]; it must give float32 of that shape.`,
  );
}

/**
 * The gradient of the sum of `y` with respect to each of `xs`, through the recorded operations;
 * undefined where `y` does not vary with x. Each is a tensor of its own. Call it in a scope: what it returns is tracked there.
 */
export function backpropagate(
  nodes: readonly TapeNode[],
  y: Tensor,
  xs: readonly Tensor[],
): (Tensor | undefined)[] {
  const { active, varying } = dependents(nodes, xs);
  if (!varying.has(y.id)) return xs.map(() => undefined);
  const gradients = accumulator(new Set(xs.map((x) => x.id)));
  gradients.accumulate(y, ones(y.shape));
  for (const node of active.reverse()) {
    const dys = node.outputs.map((output) => gradients.get(output));
    if (dys.every((dy) => dy === undefined)) continue;
    if (node.gradient === undefined) {
      throw new GradientError(
        `No gradient is registered for the kernel ${node.kernelName}; use other operations, ` +
          'detach its result, or register one with tf.registerGradient.',
      );
    }
    const rules = node.gradient(dys as Tensor[]);
    for (const [name, input] of Object.entries(node.inputs)) {
      if (!varying.has(input.id)) continue;
      const rule = rules[name];
      if (rule === undefined) {
        throw new GradientError(
          `The gradient registered for ${node.kernelName} has none for its input '${name}'; detach that input.`,
        );
      }
      const gradient = scope(rule);
      check(node, name, input, gradient);
      gradients.accumulate(input, gradient);
    }
    for (const output of node.outputs) gradients.drop(output);
  }
  const owned = new Set<Tensor>();
  return xs.map((x) => {
    const gradient = gradients.get(x);
    if (gradient === undefined) return undefined;
    // A gradient that serves two tensors, or that the tape holds, is not yet the caller's own.
    const own = owned.has(gradient) || gradient.kept ? clone(gradient) : gradient;
    owned.add(own);
    return own;
  });
}
