// A worker's thread: it rebuilds model and data, and answers each request with the gradients of its part.
import { selectBackend } from '@elbo/backends';
import { flatten, mapTree, messageOf, type Params } from '@elbo/core';
import { buildDataset } from '@elbo/datasets/node';
import { modelCategory, type ModelParams } from '@elbo/objectives';
import { localGradients, type MoveGradients, type OpenBatch } from '@elbo/training';
import { dispose, tensor } from '@tensorflow/tfjs-core';
import { isDeepStrictEqual } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import type { Assignment, Reply, Request } from './messages.js';
import { partOf } from './part.js';
import { registryOf } from './plugins.js';
import { layoutOf, share, sharedLeaves, skeleton } from './shared_tree.js';
import { WorkerError } from './worker_error.js';

/** Rebuilds what a worker needs, and gives what answers its requests, one at a time. */
async function prepare(
  assignment: Assignment,
): Promise<(request: Request) => Promise<Reply | undefined>> {
  const { worker, workers, layout, dataDir } = assignment;
  const registry = await registryOf(assignment.plugins);
  await selectBackend({ backend: assignment.backend, processes: workers });
  const model = registry.build(modelCategory, assignment.model);
  const data = await buildDataset(assignment.data, {
    registry,
    ...(dataDir !== undefined && { dataDir }),
  });
  const source = localGradients(model, data, (of) => partOf(worker, workers, of));
  const leaves = {
    params: sharedLeaves(layout, assignment.params),
    gradients: sharedLeaves(layout, assignment.gradients),
  };

  // The structure is what counts: all leaves are new at the first move.
  let params = skeleton(model, data);
  if (!isDeepStrictEqual(layoutOf(params), layout))
    throw new WorkerError(
      'the model rebuilt from the config has other parameters than the original: the config, or a plugin, leaves something out',
    );
  const refresh = (changed: ReadonlySet<string>): void => {
    params = mapTree(params, (old, path) => {
      if (!changed.has(path)) return old;
      old.dispose();
      return tensor(leaves.params.get(path)!, old.shape, 'float32');
    });
  };

  const answer = async ({ primal, dual, measured }: MoveGradients): Promise<Reply> => {
    const gradients: Params = {
      ...(primal && { primal: primal.gradients }),
      ...(dual && { dual: dual.gradients }),
    };
    for (const { path, tensor } of flatten(gradients))
      await share(tensor, leaves.gradients.get(path)!);
    const values = Object.create(null) as Record<string, number>;
    for (const [name, value] of Object.entries(measured))
      values[name] = (await value.data<'float32'>())[0]!;
    dispose([gradients, measured]);
    return { kind: 'done', measured: values };
  };

  let batch: OpenBatch | undefined;
  let unread: unknown;
  return async (request) => {
    if (request.kind === 'open') {
      batch?.dispose();
      batch = undefined;
      try {
        batch = await source.open(request.draw);
      } catch (error) {
        // Told when it is asked for.
        unread = error;
      }
      return undefined;
    }
    if (!batch) throw unread;
    refresh(new Set(request.changed));
    const { moment, players } = request;
    return answer(await batch.differentiate(params as unknown as ModelParams, moment, players));
  };
}

const port = parentPort!;
const reply = (message: Reply): void => {
  port.postMessage(message);
};
const failed = (error: unknown): void => {
  reply({ kind: 'failed', reason: messageOf(error) });
};

try {
  const answer = await prepare(workerData as Assignment);
  let turn = Promise.resolve();
  port.on('message', (request: Request) => {
    turn = turn.then(async () => {
      try {
        const answered = await answer(request);
        if (answered) reply(answered);
      } catch (error) {
        failed(error);
      }
    });
  });
  reply({ kind: 'ready' });
} catch (error) {
  failed(error);
}
