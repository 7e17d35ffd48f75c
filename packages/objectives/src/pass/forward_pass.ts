import {
  CompositionError,
  repeatBatch,
  type Distribution,
  type Mode,
  type Prior,
} from '@elbo/core';
import { fold } from '@elbo/random';
import { keep, Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { valuesLike } from '../checks/checked_parts.js';
import type { AnyEncoder, Decoder } from '../model/encoder_decoder.js';
import type { Primal } from '../model/params.js';
import { priorOf } from '../priors/prior_of.js';
import type { Batch, Moment } from './batch.js';
import type { Encoded, Generated } from './pass.js';
import type { Ability, PosteriorOf, Transport } from './posterior.js';

/** A forward pass, and how to free what its fields hold. */
export interface ForwardPass {
  /** Reading `posterior`, `z` or `likelihood` of a model without an encoder throws a CompositionError. */
  readonly pass: Generated & Encoded<Ability>;
  dispose(): void;
}

/** The tensors that a value holds in own enumerable properties. */
function tensorsIn(value: unknown): readonly Tensor[] {
  if (value instanceof Tensor) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(tensorsIn) : [];
}

/** The condition of each of z's rows `[samples · B, Z]`. */
function conditionFor(z: Tensor2D, { x, condition }: Batch): Tensor2D | undefined {
  const samples = z.shape[0] / x.shape[0];
  return condition && samples > 1 ? repeatBatch(condition, samples) : condition;
}

/**
 * Begins a forward pass. Call it inside the closure that differentiates it: a field read before the tape starts has no
 * gradient, and nothing would say so.
 *
 * A field's tensors are kept from whatever scope is open when it is first read (the closure of a gradient penalty, for
 * one) until `dispose`; those it borrows from the parameters or the batch are left alone.
 */
export function forwardPass(
  parts: {
    readonly prior: Prior;
    readonly encoder?: AnyEncoder | undefined;
    readonly decoder: Decoder;
  },
  params: Primal,
  batch: Batch,
  moment: Moment,
): ForwardPass {
  const { key } = moment;
  const fields = new Map<string, unknown>();
  const kept: Tensor[] = [];
  const borrowed = new Set([params, batch].flatMap(tensorsIn));

  const once = <T>(name: string, make: () => T): T => {
    if (!fields.has(name)) {
      const value = make();
      for (const tensor of tensorsIn(value))
        if (!borrowed.has(tensor) && !tensor.kept) kept.push(keep(tensor));
      fields.set(name, value);
    }
    return fields.get(name) as T;
  };
  const mode = (part: string): Mode => ({ training: moment.training, key: fold(key, part) });
  const encoder = (): AnyEncoder => {
    if (!parts.encoder)
      throw new CompositionError(
        'A pass of a model without an encoder has no posterior, z or likelihood; read `generated`.',
      );
    return parts.encoder;
  };

  // What terms read of it beyond sampling was checked when the model was composed.
  const posterior = (noise: string): PosteriorOf<Ability> =>
    encoder().posterior(
      params.encoder ?? {},
      mode(noise),
      batch.x,
      batch.condition,
    ) as PosteriorOf<Ability>;

  const pass: Generated & Encoded<Ability> = {
    ...moment,
    x: batch.x,
    condition: batch.condition,
    label: batch.label,
    get prior(): Prior {
      return once('prior', () => priorOf(parts, params, mode('encoder')));
    },
    decode: (z) =>
      valuesLike(
        parts.decoder.likelihood(params.decoder, mode('decoder'), z, conditionFor(z, batch)),
        z.shape[0],
        `The decoder '${parts.decoder.config.kind}'`,
        batch.x.shape.slice(1),
      ),
    variables: () => {
      // Made here and not where they are needed, which may be on another tape.
      const made = [pass.prior, ...(parts.encoder ? [pass.posterior] : [])];
      return [params, ...made, ...fields.values()].flatMap(tensorsIn);
    },
    get zPrior(): Tensor2D {
      return once('zPrior', () => pass.prior.sample(fold(key, 'zPrior'), batch.x.shape[0]));
    },
    get generated(): Distribution {
      return once('generated', () => pass.decode(pass.zPrior));
    },
    get posterior(): PosteriorOf<Ability> {
      return once('posterior', () => posterior('encoder'));
    },
    posteriorAgain: (view) => posterior(`encoder/${view}`),
    get base(): Tensor2D | undefined {
      return transport()?.base;
    },
    get z(): Tensor2D {
      return once('z', () => {
        const moved = transport();
        if (!moved) return pass.posterior.sample(fold(key, 'z'));
        return moved.place(moved.base);
      });
    },
    get likelihood(): Distribution {
      return once('likelihood', () => pass.decode(pass.z));
    },
  };
  /** What makes z of a posterior that can tell: the same z as its `sample`. */
  const transport = (): Transport | undefined =>
    once('transport', () => pass.posterior.transport?.(fold(key, 'z')));

  return {
    pass,
    dispose: () => {
      for (const tensor of kept.splice(0)) tensor.dispose();
      fields.clear();
    },
  };
}
