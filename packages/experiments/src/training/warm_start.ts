import {
  decodeSafetensors,
  formatShape,
  mapTree,
  parametersLike,
  sameShape,
  sizeOf,
  type Params,
  type Shape,
} from '@elbo/core';
import { readWhole } from '@elbo/files';
import type { Model, ModelParams, Primal, Weights } from '@elbo/objectives';
import { key } from '@elbo/random';
import { openRun } from '@elbo/runs';
import { tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RowForm } from '../config/row_form.js';
import { parseRunConfig } from '../config/run_config.js';
import { modelParts, type PartName, type WarmStart } from '../config/warm_start.js';
import type { Host } from '../host.js';
import { RequestError } from '../request_error.js';
import { usualCheckpoint, weightsOf } from './restore.js';

/** Puts parameters in place of those that a model begins with. */
export interface Adopted {
  /** What was found to take, with its digest. */
  readonly warmStart: WarmStart;
  /** Parameters of which those that fit are the others'; to be called within a scope, which frees what is replaced. */
  adopt(params: ModelParams): ModelParams;
}

/**
 * Reads what a run of a model is to begin with, and says what of it fits.
 *
 * @throws RequestError when nothing fits, or it is not what a stored configuration began with; FileError when it cannot be read.
 */
export async function warmStarted(
  asked: WarmStart,
  model: Model,
  rows: RowForm,
  host: Host,
): Promise<Adopted> {
  const { source, parts = modelParts } = asked;
  const { weights, where } = await weightsAt(source);
  const taken = new Map<string, Float32Array>();
  const unlike: string[] = [];
  const counts = new Map<string, { taken: number; of: number; values: number }>();
  for (const [path, shape] of shapesOf(model, rows)) {
    const part = path.slice(0, path.indexOf('/')) as PartName;
    if (!parts.includes(part)) continue;
    const count = counts.get(part) ?? { taken: 0, of: 0, values: 0 };
    counts.set(part, count);
    count.of++;
    const found = weights.get(path);
    if (found && sameShape(found.shape, shape)) {
      taken.set(path, found.values);
      count.taken++;
      count.values += sizeOf(shape);
    } else
      unlike.push(
        found
          ? `${path} is ${formatShape(found.shape)} there and ${formatShape(shape)} here`
          : `${path} is not there`,
      );
  }
  if (taken.size === 0)
    throw new RequestError(
      `--from ${source}: none of its parameters fit this model${unlike.length > 0 ? `: ${unlike.slice(0, 3).join('; ')}` : `, which has no ${parts.join(' and no ')}`}.`,
    );
  const digest = digestOf(taken);
  if (asked.digest !== undefined && asked.digest !== digest)
    throw new RequestError(
      `--from ${source}: its parameters have changed since this configuration was written. Restore them, or remove "digest" from its "from".`,
    );
  const told = modelParts.flatMap((part) => {
    const { taken: some, of, values } = counts.get(part) ?? { taken: 0, of: 0, values: 0 };
    const share = some === of ? 'whole' : `${some} of ${of} tensors`;
    return some === 0 ? [] : [`${part} ${share} (${values} parameters)`];
  });
  host.note(`Starts from parameters of ${where}: ${told.join(', ')}.`);
  if (unlike.length > 0)
    host.note(
      `Starts afresh: ${unlike.slice(0, 3).join('; ')}${unlike.length > 3 ? `; and ${unlike.length - 3} more` : ''}.`,
    );
  return {
    warmStart: { ...asked, digest },
    adopt: ({ primal, dual }) => {
      const { dual: ownDual = {}, ...ownPrimal } = mapTree({ ...primal, dual }, (leaf, path) => {
        const values = taken.get(path);
        return values ? tensor(values, leaf.shape, 'float32') : leaf;
      });
      return { primal: ownPrimal as Primal, dual: ownDual as ModelParams['dual'] };
    },
  };
}

/** The shapes of a model's parameters, by path; none is made. */
function shapesOf(model: Model, { shape, conditions }: RowForm): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  const init = (): Params => {
    const condition = conditions === undefined ? undefined : [conditions];
    const { primal, dual } = model.init(key(0), shape, condition);
    return { ...primal, dual };
  };
  tidy(() => {
    parametersLike(init, (path, of) => {
      shapes.set(path, of);
      return zeros([0]);
    });
  });
  return shapes;
}

/** Parameters by path: of a file, or of the checkpoint of a run that its commands would use. */
async function weightsAt(
  source: string,
): Promise<{ readonly weights: Weights; readonly where: string }> {
  if (source.endsWith('.safetensors')) {
    const { tensors } = decodeSafetensors(await readWhole(source), source);
    return { weights: tensors, where: source };
  }
  const run = await openRun(source);
  const config = parseRunConfig(run.config, join(run.dir, 'config.json'));
  const { weights, step } = await weightsOf(run, await usualCheckpoint(run, config));
  return { weights, where: `${source}, step ${step}` };
}

function digestOf(taken: ReadonlyMap<string, Float32Array>): string {
  const hash = createHash('sha256');
  for (const [path, values] of [...taken].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash
      .update(`${path}\n`)
      .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
}
