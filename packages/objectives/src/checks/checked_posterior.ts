import type { Tensor } from '@tensorflow/tfjs-core';
import type { AnyEncoder } from '../model/encoder_decoder.js';
import { overriding } from '../model/overriding.js';
import type { Ability, Classes, LogProb, Moments, Sampled, Transport } from '../pass/posterior.js';
import { checked } from './checked.js';
import { expectMembers } from './expect_members.js';
import { inPart } from './in_part.js';

type Any = Sampled & Partial<LogProb & Moments & Classes>;
/** The functions of a record that it may lack. */
type Some<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What a posterior has that can do this. */
const members: Readonly<Partial<Record<Ability, readonly string[]>>> = {
  posterior: ['sample'],
  logProb: ['logProb', 'detach'],
  moments: [],
  classes: ['ofEveryClass'],
};

/**
 * The posteriors of `rows` rows, as `posterior.ts` describes them: what a function of them gives is compared with the
 * shape that it should have, and nothing is computed for that.
 */
export function checkedPosterior(
  posterior: Any,
  { config, latent, offers }: AnyEncoder,
  rows: number,
): Sampled {
  const what = `The encoder '${config.kind}'`;
  const needed = offers.flatMap((ability) => members[ability] ?? []);
  expectMembers(posterior, `${what}: a posterior`, 'sample', ...needed);
  const draws = (samples: number): readonly [number, number] => [samples * rows, latent];
  const drawn = <T>(z: T, samples: number): T => checked(z, draws(samples), `${what}: a draw of z`);
  const { transport, components, ofEveryClass } = posterior;

  const replaced = overriding<Any>(posterior, {
    sample: (key, samples = 1) => drawn(posterior.sample(key, samples), samples),
    ...(posterior.logProb && densities(posterior as LogProb, what, latent, rows)),
    ...(transport && {
      transport: (key, samples = 1) =>
        checkedTransport(transport.call(posterior, key, samples), what, draws(samples)),
    }),
    ...(components && {
      components: (key, samples = 1) => {
        const mixed = components.call(posterior, key, samples);
        checked(mixed.location, draws(samples), `${what}: the means of components`);
        checked(mixed.logVar, draws(samples), `${what}: the log variances of components`);
        return mixed;
      },
    }),
    ...(ofEveryClass && {
      ofEveryClass: (key) =>
        drawn(ofEveryClass.call(posterior, key), posterior.probabilities!.shape[0]),
    }),
  });
  const held = {};
  const check = (
    name: keyof Moments | keyof Classes,
    shape: Parameters<typeof checked>[1],
  ): void => {
    checkMember(held, posterior, name, (value) => checked(value, shape, `${what}: ${name}`));
  };
  if (offers.includes('moments')) {
    check('mean', [rows, latent]);
    check('logVar', [rows, latent]);
  }
  if (offers.includes('classes')) check('probabilities', [undefined, rows]);
  return overriding<Any>(replaced, held);
}

/** Checks a tensor that a posterior holds; one that is computed when read, by a getter among `held`, when it is read. */
function checkMember(
  held: object,
  posterior: object,
  name: string,
  check: (value: unknown) => unknown,
): void {
  const read = (): unknown => check((posterior as Readonly<Record<string, unknown>>)[name]);
  const own = Object.getOwnPropertyDescriptor(posterior, name);
  if (!(name in posterior) || (own && 'value' in own)) read();
  else Object.defineProperty(held, name, { get: read, enumerable: own?.enumerable ?? false });
}

function densities(q: LogProb, what: string, latent: number, rows: number): LogProb {
  const { kl, klOfDimensions, logProbOfDimensions } = q as Some<LogProb>;
  const maybe = <T extends Tensor>(
    made: T | undefined,
    shape: readonly number[],
    name: string,
  ): T | undefined => made && checked(made, shape, `${what}: ${name}`);
  return {
    logProb: (z) =>
      checked(
        inPart(what, {}, { z }, () => q.logProb(z)),
        [z.shape[0]],
        `${what}: log q(z|x)`,
      ),
    detach: () => {
      const detached = q.detach();
      return overriding(detached, densities(detached, what, latent, rows));
    },
    ...(kl && { kl: (prior) => maybe(kl.call(q, prior), [rows], 'kl, KL(q(z|x) ‖ p(z)),') }),
    ...(klOfDimensions && {
      klOfDimensions: (prior) =>
        maybe(klOfDimensions.call(q, prior), [rows, latent], 'klOfDimensions'),
    }),
    ...(logProbOfDimensions && {
      logProbOfDimensions: (z) =>
        checked(
          logProbOfDimensions.call(q, z),
          [z.shape[0], latent],
          `${what}: logProbOfDimensions`,
        ),
    }),
  };
}

function checkedTransport(
  moved: Transport,
  what: string,
  shape: readonly [number, number],
): Transport {
  const { towards } = moved;
  checked(moved.base, shape, `${what}: the base of z`);
  return overriding<Transport>(moved, {
    place: (base) => checked(moved.place(base), base.shape, `${what}: z`),
    ...(towards && {
      towards: (z, base) =>
        checked(towards.call(moved, z, base), base.shape, `${what}: a step of the base`),
    }),
  });
}
