// A class and a style, of images of which few are labelled.
import { semiSupervisedAaeRecipe } from '@elbo/aae';
import { sliceOf } from '@elbo/core';
import { fold, key } from '@elbo/random';
import { grid } from '@elbo/report';
import { validate } from '@elbo/training';
import { concat, eye, gather, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { byRecipe } from '../mnist/binary.mjs';
import { kept } from '../mnist/kept.mjs';

const classes = 10;
const styles = 8;

/** The test error, in per cent, of one model, and what it makes of each class. */
export async function semiSupervised({ train, held, grey }, { labels, steps, seed, ...how }) {
  const setting = byRecipe(semiSupervisedAaeRecipe, { labels }, { train, steps, seed });
  const { model } = setting;
  const { params, seconds, coreSeconds } = await kept(`semi-${labels}`, setting, { seed, ...how });
  const errorOn = async (data) => {
    const found = await validate(model, params, data, { signal: how.signal });
    return 100 * (1 - found['classification/accuracy']);
  };
  return {
    labels,
    steps,
    seed,
    error: await errorOn(grey),
    binaryError: await errorOn(held),
    seconds,
    coreSeconds,
    picture: await byClass(model, params, seed),
  };
}

/** A PNG of one style a row in each class, one a column. */
async function byClass(model, { primal }, seed) {
  const count = styles * classes;
  const each = Array.from({ length: count }, (_, i) => i);
  const images = tidy(() => {
    const drawn = sliceOf(
      model.prior,
      model.prior.sample(fold(key(seed), 'styles'), styles),
      'style',
    );
    const y = gather(
      eye(classes),
      tensor1d(
        each.map((i) => i % classes),
        'int32',
      ),
    );
    const style = gather(
      drawn,
      tensor1d(
        each.map((i) => Math.floor(i / classes)),
        'int32',
      ),
    );
    return model.decode(primal, concat([y, style], 1));
  });
  const values = await images.data();
  const [, ...shape] = images.shape;
  images.dispose();
  return grid(values, { count, shape, columns: classes, scale: 2 });
}
