import { CompositionError, ConfigError, defineKind, expectGiven, type Kind } from '@elbo/core';
import {
  adversarialEntries,
  buildAdversarial,
  rulesOf,
  term,
  termCategory,
  versus,
  type AdversarialOptions,
  type Term,
} from '@elbo/objectives';
import { fold } from '@elbo/random';
import {
  cast,
  concat,
  equal,
  expandDims,
  range,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';

/** The options of `labelledAdversarialZ`. */
export interface LabelledAdversarialZOptions extends AdversarialOptions {
  /** The number of classes. */
  readonly classes: number;
}

/**
 * The game of `adversarialZ` with labels (Makhzani et al. 2015, §2.3): D sees z beside a one-hot label, of `classes` and
 * one more for "unlabelled", and the prior draws from the part that a row's label names: the aggregate posterior of each
 * class is drawn towards its own part, such as a component of a mixture.
 *
 * @throws ConfigError for rules that do not fit; in use CompositionError of a prior whose parts have no labels, or data
 * without them.
 */
export function labelledAdversarialZ(options: LabelledAdversarialZOptions): Term<'posterior'> {
  expectGiven('labelledAdversarialZ', options, 'discriminator', 'classes');
  const { discriminator, classes, name = 'adversarial-z' } = options;
  const where = 'labelledAdversarialZ';
  if (!Number.isSafeInteger(classes) || classes < 1)
    throw new ConfigError(
      `${where}: 'classes' must be a whole number of at least 1, not ${classes}.`,
    );
  const { config, coupling, ...rules } = rulesOf(options, where);
  return term({
    config: {
      kind: 'labelled-adversarial-z',
      discriminator: discriminator.config,
      name,
      ...config,
      classes,
    },
    name,
    role: 'regulariser',
    needs: ['posterior'],
    classes: () => classes,
    coupling,
    adversary: {
      parts: [discriminator],
      init: (key, _x, [latent = 0], prior) => {
        if (!prior.sampleGiven)
          throw new CompositionError(
            `The term '${name}' draws from the prior by label, but the parts of a '${prior.config.kind}' prior have no labels; use a mixture.`,
          );
        return discriminator.init(key, [latent + classes + 1]).params;
      },
    },
    evaluate: (pass, adversary) => {
      const key = fold(pass.key, name);
      const mode = { training: pass.training, key };
      const label = (): Tensor1D => {
        if (pass.label) return pass.label;
        throw new CompositionError(`The term '${name}' needs labels, and these data have none.`);
      };
      return versus({
        ...rules,
        name,
        critic: (z) =>
          discriminator.apply(adversary, mode, concat([z, oneHotOrNone(label(), classes)], 1)),
        real: () => pass.prior.sampleGiven!(fold(key, 'prior'), label()),
        fake: () => pass.z,
        key,
      });
    },
  });
}

/** `[B]`, −1 where unknown, as `[B, classes + 1]` whose first column says "unknown". */
function oneHotOrNone(label: Tensor1D, classes: number): Tensor2D {
  const each: Tensor = range(-1, classes, 1, 'float32');
  return cast(equal(expandDims(label, 1), each), 'float32');
}

/** The kind of `labelledAdversarialZ`. */
export const labelledAdversarialZKind: Kind<Term> = defineKind(
  'labelled-adversarial-z',
  termCategory,
  { ...adversarialEntries, classes: v.number() },
  ({ classes, ...options }, registry) =>
    labelledAdversarialZ({ ...buildAdversarial(options, registry), classes }),
);
