import { draw, uniforms } from '@elbo/testing/derivatives';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  detach,
  flatten,
  GradientError,
  gradientsOf,
  inputGradient,
  leaves,
  type TensorTree,
} from '../src/index.js';
import { backends } from './backends.js';

const values = (t: tf.Tensor): number[] => Array.from(t.dataSync());
const all = (tree: TensorTree): number[][] => leaves(tree).map(values);

/** Tensors left when f has run and its result is disposed. */
function leaked(f: () => tf.TensorContainer): number {
  const before = tf.memory().numTensors;
  const result = f();
  tf.dispose(result);
  return tf.memory().numTensors - before;
}

/** What f throws. */
function thrown(f: () => unknown): unknown {
  try {
    f();
  } catch (error) {
    return error;
  }
  return undefined;
}

function players() {
  const next = uniforms(3);
  const make = (...shape: number[]) => draw(shape, 'apart', next);
  const generator = { deep: { kernel: make(4, 6), bias: make(6) }, out: { kernel: make(6, 5) } };
  const critic = { kernel: make(5, 3), bias: make(3), mix: make(3, 1) };
  return { generator, critic, x: make(7, 4) };
}

describe.each(backends)('on %s, gradientsOf', (backend) => {
  let g: ReturnType<typeof players>['generator'];
  let c: ReturnType<typeof players>['critic'];
  let x: tf.Tensor;
  beforeAll(async () => {
    await tf.setBackend(backend);
    ({ generator: g, critic: c, x } = players());
  });

  const fake = () =>
    tf.matMul(tf.elu(tf.add(tf.matMul(x, g.deep.kernel), g.deep.bias)), g.out.kernel);
  const score = (y: tf.Tensor) => tf.matMul(tf.tanh(tf.add(tf.matMul(y, c.kernel), c.bias)), c.mix);
  const game = () => {
    const logits = score(fake());
    return {
      generator: tf.mean<tf.Scalar>(tf.softplus(tf.neg(logits))),
      critic: tf.mean<tf.Scalar>(tf.softplus(logits)),
    };
  };

  test('gives the gradient in the structure of the tree, and the loss', () => {
    const tree = { b: tf.tensor1d([1, -2]), a: { c: tf.scalar(3) } };
    const { loss } = gradientsOf(
      () => ({ loss: tf.sum<tf.Scalar>(tf.mul(tf.square(tree.b), tree.a.c)) }),
      { loss: tree },
    );
    expect(values(loss.value)).toEqual([15]);
    expect(flatten(loss.gradients).map(({ path }) => path)).toEqual(['a/c', 'b']);
    expect(all(loss.gradients)).toEqual([[5], [6, -12]]);
    expect(loss.unreached).toEqual([]);
  });

  test('of two players from one tape equals separate passes, bit for bit', () => {
    const both = gradientsOf(game, { generator: g, critic: c });
    const first = gradientsOf(() => ({ generator: game().generator }), { generator: g });
    const second = gradientsOf(() => ({ critic: game().critic }), { critic: c });
    expect(all(both.generator.gradients)).toEqual(all(first.generator.gradients));
    expect(all(both.critic.gradients)).toEqual(all(second.critic.gradients));
    expect(values(both.critic.value)).toEqual(values(second.critic.value));
  });

  test('names the leaves that a loss does not depend on, and gives them zeros', () => {
    const tree = {
      used: tf.scalar(2),
      unused: tf.tensor1d([1, 2]),
      deep: { masked: tf.tensor1d([1, -1]), detached: tf.scalar(4) },
    };
    const { loss } = gradientsOf(
      () => ({
        loss: tf.sum<tf.Scalar>(
          tf.mul(
            tf.mul(tree.used, detach(tree.deep.detached)),
            tf.cast(tf.greater(tree.deep.masked, 0), 'float32'),
          ),
        ),
      }),
      { loss: tree },
    );
    expect(loss.unreached).toEqual(['deep/detached', 'deep/masked', 'unused']);
    expect(all(loss.gradients)).toEqual([[0], [0, 0], [0, 0], [4]]);
  });

  test('sees nothing that was computed before the call, at any depth', () => {
    const p = { w: tf.tensor1d([1, 2]) };
    const early = tf.square(p.w);
    const { loss } = gradientsOf(() => ({ loss: tf.sum<tf.Scalar>(early) }), { loss: p });
    expect(loss.unreached).toEqual(['w']);
    gradientsOf(
      () => {
        const inside = tf.square(p.w);
        const { inner } = gradientsOf(() => ({ inner: tf.sum<tf.Scalar>(inside) }), { inner: p });
        expect(inner.unreached).toEqual(['w']);
        return { outer: tf.sum<tf.Scalar>(p.w) };
      },
      { outer: p },
    );
  });

  test('gives each leaf a tensor of its own, though leaves be the same tensor', () => {
    const w = tf.tensor1d([1, 2]);
    const { loss } = gradientsOf(() => ({ loss: tf.sum<tf.Scalar>(tf.square(w)) }), {
      loss: { first: w, second: w },
    });
    const [first, second] = leaves(loss.gradients);
    first!.dispose();
    expect(values(second!)).toEqual([2, 4]);
  });

  test('gives a gradient of 1 where the loss is the leaf', () => {
    const w = tf.scalar(3);
    const { loss } = gradientsOf(() => ({ loss: w }), { loss: { w } });
    tf.dispose([loss.value, ...leaves(loss.gradients)]);
    expect(w.isDisposed).toBe(false);
  });

  test('leaves no tensor but its result', () => {
    let result = 0;
    const count = leaked(() => {
      const before = tf.memory().numTensors;
      const found = gradientsOf(game, { generator: g, critic: c });
      result = tf.memory().numTensors - before;
      return found as unknown as tf.TensorContainer;
    });
    expect(result).toBe(leaves(g).length + leaves(c).length + 2);
    expect(count).toBe(0);
  });

  test.each([
    [
      'in the closure',
      () =>
        gradientsOf(
          () => {
            game();
            throw new Error('boom');
          },
          { generator: g },
        ),
    ],
    [
      'in a nested closure',
      () =>
        gradientsOf(
          () => ({
            generator: tf.sum<tf.Scalar>(
              inputGradient((y) => {
                score(y);
                throw new Error('boom');
              }, fake()),
            ),
          }),
          { generator: g },
        ),
    ],
    [
      'in the backward pass',
      () =>
        gradientsOf(() => ({ generator: tf.sum<tf.Scalar>(tf.topk(fake(), 2).values) }), {
          generator: g,
        }),
    ],
    [
      'because a loss is no scalar',
      () => gradientsOf(() => ({ generator: fake() as unknown as tf.Scalar }), { generator: g }),
    ],
  ])('frees everything when it throws %s', (_, fail) => {
    expect(
      leaked(() => {
        expect(fail).toThrow();
      }),
    ).toBe(0);
    expect(tf.engine().state.gradientDepth).toBe(0);
    expect(tf.engine().state.kernelDepth).toBe(0);
    // What comes after is as before.
    expect(
      leaked(() => gradientsOf(game, { generator: g, critic: c }) as unknown as tf.TensorContainer),
    ).toBe(0);
  });

  test('leaves the outer tape whole when a nested call throws and is caught', () => {
    const w = tf.tensor1d([0.5, -1]);
    let field: tf.Tensor | undefined;
    const count = leaked(() => {
      const { loss } = gradientsOf(
        () => {
          expect(() =>
            inputGradient(
              (y) => {
                field = tf.keep(tf.square(w));
                tf.exp(y);
                throw new Error('boom');
              },
              tf.mul(w, 2),
            ),
          ).toThrow('boom');
          return { loss: tf.sum<tf.Scalar>(field!) };
        },
        { loss: { w } },
      );
      expect(all(loss.gradients)).toEqual([[1, -2]]);
      field!.dispose();
      return loss as unknown as tf.TensorContainer;
    });
    expect(count).toBe(0);
  });

  test('frees the tape that a gradient of tfjs abandoned', () => {
    const w = tf.scalar(2);
    const count = leaked(() => {
      expect(() =>
        tf.grad((y) => {
          tf.square(y);
          throw new Error('boom');
        })(w),
      ).toThrow('boom');
      return gradientsOf(() => ({ loss: tf.square(w) }), {
        loss: { w },
      }) as unknown as tf.TensorContainer;
    });
    expect(count).toBe(0);
  });

  test('says what is wrong with a loss, a tree or an operation', () => {
    const w = tf.tensor1d([1, 2]);
    const loss = () => tf.sum<tf.Scalar>(w);
    const message = (f: () => unknown): string => {
      const error = thrown(f);
      expect(error).toBeInstanceOf(GradientError);
      return (error as Error).message;
    };
    const only = (tree: TensorTree) => ({ primal: tree }) as Record<'primal' | 'dual', TensorTree>;
    const wrong = (value: unknown) => () => ({ primal: value as tf.Scalar });
    expect(message(() => gradientsOf(wrong(w), { primal: { w } }))).toMatch(
      /'primal'.*\[2\].*tf\.mean/,
    );
    expect(message(() => gradientsOf(wrong(undefined), { primal: { w } }))).toMatch(
      /'primal' is not a tensor/,
    );
    expect(message(() => gradientsOf(wrong(tf.scalar(1, 'int32')), { primal: { w } }))).toMatch(
      /int32/,
    );
    expect(
      message(() =>
        gradientsOf(wrong(loss()), { primal: { w }, dual: { w } } as { primal: TensorTree }),
      ),
    ).toMatch(/'dual' is not a tensor/);
    expect(
      message(() => gradientsOf(() => ({ primal: loss(), dual: loss() }), only({ w }))),
    ).toMatch(/'dual' has no tree/);
    expect(
      message(() =>
        gradientsOf(() => ({ p: tf.sum<tf.Scalar>(tf.topk(w, 1).values) }), { p: { w } }),
      ),
    ).toMatch(/kernel TopK.*registerGradient/);
    const gone = tf.scalar(1);
    gone.dispose();
    expect(message(() => gradientsOf(() => ({ p: loss() }), { p: { deep: { gone } } }))).toMatch(
      /'deep\/gone'.*disposed/,
    );
  });
});
