import {
  add,
  clone,
  customGrad,
  engine,
  mul,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { gradientsOf } from './gradients_of.js';
import { untaped } from './untaped.js';

/** A sum so far, and its gradient with respect to each input that it depends on. */
interface Sum {
  readonly value: Scalar;
  readonly gradients: ReadonlyMap<number, Tensor>;
}

function plus<T extends Tensor>(sum: T | undefined, summand: T): T {
  if (!sum) return summand;
  const total = add<T>(sum, summand);
  sum.dispose();
  summand.dispose();
  return total;
}

/** Adds a part and its gradients, which are consumed with those of the sum. */
function withPart(sum: Sum | undefined, part: () => Scalar, inputs: readonly Tensor[]): Sum {
  const tree = Object.fromEntries(inputs.map((input, i) => [`${i}`, input]));
  const found = gradientsOf(() => ({ part: part() }), { part: tree }).part;
  const gradients = new Map(sum?.gradients);
  inputs.forEach((_, i) => {
    const gradient = found.gradients[`${i}`] as Tensor;
    if (found.unreached.includes(`${i}`)) gradient.dispose();
    else gradients.set(i, plus(gradients.get(i), gradient));
  });
  return { value: plus(sum?.value, found.value), gradients };
}

/**
 * The sum of scalars, at least one, that are computed one after the other, each with its gradient at once: what is held is one part's
 * tape, and one gradient of all `inputs`, however many parts there are. On the surrounding tape the sum is one operation.
 *
 * A part must depend on what is differentiated around it through `inputs` only: through another tensor no gradient
 * flows, and nothing says so. The sum's gradient cannot be differentiated again.
 *
 * @throws GradientError when a part is no float32 scalar, or an operation has no gradient.
 */
export function sumInParts(parts: readonly (() => Scalar)[], inputs: Iterable<Tensor>): Scalar {
  if (!engine().isTapeOn()) return parts.map((part) => part()).reduce((a, b) => add(a, b));
  const unique = [...new Set(inputs)];
  const { value, gradients } = untaped(() =>
    parts.reduce<Sum | undefined>((sum, part) => withPart(sum, part, unique), undefined),
  )!;
  return customGrad((...args) => {
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void;
    save([...gradients.values()]);
    return { value: clone(value), gradFunc: (dy, saved) => saved.map((g) => mul(g, dy)) };
  })(...[...gradients.keys()].map((i) => unique[i]!)) as Scalar;
}
