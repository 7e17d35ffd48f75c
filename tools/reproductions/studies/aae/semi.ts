// A class and a style, of images of which few are labelled.
import { semiSupervisedAaeRecipe } from '@elbo/aae';
import { sliceOf } from '@elbo/core';
import { labelled, type Dataset } from '@elbo/datasets';
import type { Model, ModelParams } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { grid } from '@elbo/report';
import { validate } from '@elbo/training';
import { concat, eye, gather, tensor1d, tidy, type Tensor1D } from '@tensorflow/tfjs-core';
import { byRecipe, type BinaryMnist } from '../../common/binary_mnist.js';
import type { Spent } from '../../runner/clock.js';
import type { Context } from '../../runner/study.js';
import { withTrained } from '../../runner/trained.js';

const classes = 10;
const styles = 8;
/** Of what is read, that of labelled rows: the recipe's default. */
const share = 0.25;

/** What is trained. */
export interface Chosen {
  readonly labels: number;
  readonly steps: number;
  readonly seed: number;
}

/** Test errors in per cent: of images as they are, and binarised. */
export interface SemiSupervised extends Chosen, Spent {
  readonly error: number;
  readonly binaryError: number;
}

/** Trains and tests one model; a PNG of what it makes of each class. */
export function semiSupervised(
  { train, held, grey }: BinaryMnist,
  chosen: Chosen,
  context: Context,
): Promise<{ readonly found: SemiSupervised; readonly classes: Uint8Array }> {
  const { labels, steps, seed } = chosen;
  // Which rows keep their labels is a part of what another seed does; the recipe always takes the same ones.
  const setting = {
    ...byRecipe(semiSupervisedAaeRecipe, { labels, share }, { train, steps, seed }),
    data: labelled(train, { count: labels, share, seed }),
  };
  return withTrained(`semi-${labels}`, setting, { ...context, seed }, async (trained) => {
    const { model, params, seconds, coreSeconds } = trained;
    const errorOn = async (data: Dataset): Promise<number> => {
      const found = await validate(model, params, data, { signal: context.signal });
      return 100 * (1 - found['classification/accuracy']!);
    };
    const [error, binaryError] = [await errorOn(grey), await errorOn(held)];
    return {
      found: { ...chosen, error, binaryError, seconds, coreSeconds },
      classes: await byClass(model, params, seed),
    };
  });
}

/** A PNG of one style a row in each class, one a column. */
async function byClass(model: Model, { primal }: ModelParams, seed: number): Promise<Uint8Array> {
  const count = styles * classes;
  const each = Array.from({ length: count }, (_, i) => i);
  const images = tidy(() => {
    const drawn = sliceOf(
      model.prior,
      model.prior.sample(fold(key(seed), 'styles'), styles),
      'style',
    );
    const rows = (row: (i: number) => number): Tensor1D => tensor1d(each.map(row), 'int32');
    const y = gather(
      eye(classes),
      rows((i) => i % classes),
    );
    const style = gather(
      drawn,
      rows((i) => Math.floor(i / classes)),
    );
    return model.decode(primal, concat([y, style], 1));
  });
  const values = await images.data<'float32'>();
  const [, ...shape] = images.shape;
  images.dispose();
  return grid(values, { count, shape, columns: classes, scale: 2 });
}
