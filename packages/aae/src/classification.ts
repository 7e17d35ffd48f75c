import { defineKind, expectGiven, namedSlice, sliceOf, type Kind } from '@elbo/core';
import { lazy, term, termCategory, type Term } from '@elbo/objectives';
import {
  add,
  argMax,
  cast,
  div,
  equal,
  expandDims,
  fill,
  greaterEqual,
  log,
  maximum,
  mul,
  neg,
  range,
  sum,
  type Scalar,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';

/** The options of `classification`. */
export interface ClassificationOptions {
  /** The named part of z that holds class probabilities; 'y' by default. */
  readonly part?: string;
  /** Names the term's metrics; 'classification' by default. */
  readonly name?: string;
}

/** Keeps log p finite where a probability rounds to 0; a gradient of such a row is none. */
const least = 1e-12;

/**
 * −log z_y(label), `[B]`: the cross-entropy of the class probabilities that a part of z holds, of labelled rows; 0 of
 * rows whose label is −1 (Makhzani et al. 2015, §4). So its mean over a minibatch weighs as much as labelled rows there
 * are in it. The metric `accuracy` is the share of labelled rows whose likeliest class is their label.
 *
 * @throws ConfigError in use for a part that the prior does not have.
 */
export function classification(options: ClassificationOptions = {}): Term<'posterior'> {
  expectGiven('classification', options);
  const { part = 'y', name = 'classification' } = options;
  return term({
    config: { kind: 'classification', part, name },
    name,
    role: 'regulariser',
    needs: ['posterior'],
    classes: (prior) => namedSlice(prior, part).size,
    evaluate: (pass) => {
      const found = lazy(() => {
        const probabilities = sliceOf(pass.prior, pass.z, part);
        const [rows, classes] = probabilities.shape;
        const label: Tensor1D = pass.label ?? fill([rows], -1);
        const known: Tensor1D = cast(greaterEqual(label, 0), 'float32');
        return { probabilities, classes, label, known };
      });
      return {
        cost: () => {
          const { probabilities, classes, label, known } = found();
          const target = equal(expandDims(label, 1), range(0, classes, 1, 'float32'));
          const likelihood = sum(mul(probabilities, cast(target, 'float32')), 1);
          return mul(known, neg(log(add(likelihood, least))));
        },
        metrics: () => {
          const { probabilities, label, known } = found();
          const hit = equal(cast(argMax(probabilities, 1), 'float32'), label);
          const hits = sum<Scalar>(mul(known, cast(hit, 'float32')));
          return { accuracy: div(hits, maximum(sum<Scalar>(known), 1)) };
        },
      };
    },
  });
}

/** The kind of `classification`. */
export const classificationKind: Kind<Term> = defineKind(
  'classification',
  termCategory,
  { part: v.exactOptional(v.string()), name: v.exactOptional(v.string()) },
  classification,
);
