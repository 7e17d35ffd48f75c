import { countParameters, formatBytes, MemoryError, sizeOf } from '@elbo/core';
import { conditionShape, type Dataset } from '@elbo/datasets';
import { pairsOf, type Model } from '@elbo/objectives';
import { key } from '@elbo/random';
import { pictureBytes } from '@elbo/report';
import { totalmem } from 'node:os';
import type { ResolvedConfig } from './config/run_config.js';
import type { MetricOptions } from './evaluation/metric.js';
import { RequestError } from './request_error.js';
import type { RunWithData } from './use/load_run.js';

/** Memory that there may be, and of what. */
export interface Room {
  readonly bytes: number;
  readonly of: string;
}

/** The machine's memory, or what this process may take of it. */
function machine(): Room {
  const limit = process.constrainedMemory();
  // Without a limit it is 0, or more than there is.
  return { bytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem(), of: 'of memory' };
}

/** Where tensors of a backend live. */
export function roomOn(backend: string): Room {
  const all = machine();
  const addressed: Room = { bytes: 2 ** 32, of: 'that WebAssembly can address' };
  return backend === 'wasm' && addressed.bytes < all.bytes ? addressed : all;
}

/** @throws RequestError when what was asked for needs more than there is: with both figures, and what to do. */
export function expectRoom(what: string, bytes: number, room: Room, how: string): void {
  if (bytes <= room.bytes) return;
  throw new RequestError(
    `${what} needs about ${formatBytes(bytes)}, and there are only ${formatBytes(room.bytes)} ${room.of}: ${how}.`,
  );
}

/** Of parameters in training: themselves, their gradient and two moments; and an average. */
const copies = ({ training }: Pick<ResolvedConfig, 'training'>): number =>
  training.ema === undefined ? 4 : 5;

/** What terms that compare all rows of a minibatch keep of `rows`. */
export const pairBytes = (model: Model, rows: number): number => 4 * pairsOf(model) * rows ** 2;

/** What a thread takes before it has a model. */
const thread = 50e6;

/**
 * Estimates from below what training takes, before any of it is made.
 *
 * @throws RequestError when that is more than there is.
 */
export function expectRoomToTrain(
  model: Model,
  config: Pick<ResolvedConfig, 'training' | 'workers'>,
  data: Dataset,
  backend: string,
): void {
  const room = roomOn(backend);
  const init = () => ({ ...model.init(key(0), data.shape, conditionShape(data)) });
  let parameters: number;
  try {
    parameters = countParameters(init, room.bytes / (4 * copies(config)));
  } catch (error) {
    if (!(error instanceof MemoryError)) throw error;
    throw new RequestError(`The model is too large to train here. ${error.message}`, {
      cause: error,
    });
  }
  const { workers } = config;
  const { batchSize } = config.training;
  const held = 4 * copies(config) * parameters;
  // Data, what the decoder makes of them, and the gradient of that; and z.
  const row = 4 * (3 * sizeOf(data.shape) + (data.conditions ?? 0) + 2 * model.prior.dim);
  const share = Math.ceil(batchSize / workers);
  expectRoom(
    `A minibatch of ${batchSize} rows`,
    held + share * row + pairBytes(model, share),
    room,
    'lower --batch-size (training.batchSize)',
  );
  expectRoom(
    `Sharing it among ${workers} workers`,
    held + batchSize * row + (workers - 1) * (thread + 4 * 2 * parameters),
    machine(),
    'lower --workers',
  );
}

/** @throws RequestError when values of rows would need more than there is. */
export function expectRoomForValues(count: number, shape: readonly number[], how: string): void {
  expectRoom(`${count} rows of values`, 4 * count * sizeOf(shape), machine(), how);
}

/** A picture is made in one piece. */
const picture: Room = { bytes: 2 ** 28, of: 'for a picture' };

/** @throws RequestError when images would make a picture too large to draw. */
export function expectPicture(count: number, shape: readonly number[], how: string): void {
  expectRoom(`A picture of ${count} images`, pictureBytes(count, shape), picture, how);
}

/**
 * Estimates from below what a measurement keeps at once, whatever the metric.
 *
 * @throws RequestError when that is more than there is.
 */
export function expectRoomToMeasure(
  { model, sets: { test } }: Pick<RunWithData, 'model' | 'sets'>,
  { rows = 1, samples = 1, chains, temperatures }: MetricOptions,
  backend: string,
): void {
  const room = roomOn(backend);
  const point = 4 * (sizeOf(test.shape) + model.prior.dim);
  const all = machine();
  expectRoom(`Measuring ${rows} rows`, rows * point, all, 'lower --rows');
  const held = Math.min(rows, test.size);
  expectRoom(`Weighing ${samples} samples`, 8 * samples * held, all, 'lower --samples or --rows');
  // A position, a momentum and a gradient of each chain, with what the decoder makes of it.
  expectRoom(`A row with ${chains} chains`, 3 * chains * point, room, 'lower --chains');
  expectRoom(
    `A path of ${temperatures} temperatures`,
    8 * temperatures,
    all,
    'lower --temperatures',
  );
}
