import {
  CompositionError,
  decodeSafetensors,
  disposeTree,
  FileError,
  messageOf,
  type Registry,
} from '@elbo/core';
import {
  modelCategory,
  usedParts,
  weightsFrom,
  type DataForm,
  type Model,
  type ModelParams,
  type Primal,
} from '@elbo/objectives';
import { parseDescription, type ModelForm } from './model_format.js';

/** A model from a file. */
export interface LoadedModel {
  readonly model: Model;
  /** On the device. Without a part that the file lacks: reading that says so. */
  readonly params: ModelParams;
  /** What its rows are like: their shape, the size of their condition, the symbols of sequences. */
  readonly data: DataForm & ModelForm;
  /** Frees the parameters. */
  dispose(): void;
}

/**
 * A model from the file that `elbo export` or `encodeModel` wrote: its parts are built by the registry, and its weights are put on
 * the device. Nothing that trains is needed.
 *
 * @param source The file's bytes, where to fetch them, or what was fetched.
 * @param registry What it may build: `standard` is everything, and a smaller one makes a smaller page.
 * @throws FileError for a file that is no such model, or not whole; ConfigError for a part that the registry lacks.
 *
 * @example
 * ```ts no-run
 * import { selectBackend } from '@elbo/backends';
 * import { loadModel, standard } from '@elbo/models';
 * import { key } from '@elbo/random';
 *
 * await selectBackend();
 * const { model, params } = await loadModel(new URL('model.safetensors', location.href), standard);
 * const images = model.sample(params.primal, key(7), 16); // means of p(x|z), [16, 28, 28, 1]
 * ```
 */
export async function loadModel(
  source: Uint8Array | ArrayBuffer | URL | Response,
  registry: Registry,
): Promise<LoadedModel> {
  const { bytes, where } = await bytesOf(source);
  const { tensors, metadata } = decodeSafetensors(bytes, where);
  const { config, data, parts } = parseDescription(metadata, where);
  for (const [name, { values }] of tensors)
    if (!values.every((value) => Number.isFinite(value)))
      throw new FileError(`${where}: tensor '${name}' holds a value that is not finite.`);
  const model = registry.build(modelCategory, config);
  const params = weightsFrom(model, data, tensors, where, parts);
  return {
    model,
    params: saying(model, params, parts, where),
    data,
    dispose: () => {
      disposeTree({ ...params.primal, dual: params.dual });
    },
  };
}

/** Bytes, and what errors call them. */
async function bytesOf(
  source: Parameters<typeof loadModel>[0],
): Promise<{ readonly bytes: Uint8Array; readonly where: string }> {
  if (source instanceof Uint8Array) return { bytes: source, where: 'The file' };
  if (source instanceof ArrayBuffer) return { bytes: new Uint8Array(source), where: 'The file' };
  const where = source instanceof URL ? source.href : source.url || 'The file';
  if (source instanceof URL && source.protocol === 'file:')
    throw new FileError(
      `${where}: a file of this machine is not fetched. Read it, and give its bytes: loadModel(await readFile(url), registry).`,
    );
  try {
    const response = source instanceof URL ? await fetch(source) : source;
    if (!response.ok)
      throw new Error(`the server answered ${response.status} ${response.statusText}`);
    return { bytes: new Uint8Array(await response.arrayBuffer()), where };
  } catch (error) {
    throw new FileError(`${where} could not be fetched (${messageOf(error)}).`, { cause: error });
  }
}

/** The same parameters, which say it when a part is read that the file lacks. */
function saying(
  model: Model,
  { primal, dual }: ModelParams,
  parts: readonly string[],
  where: string,
): ModelParams {
  const own: Primal = { ...primal };
  for (const part of usedParts(model))
    if (part !== 'dual' && !parts.includes(part))
      Object.defineProperty(own, part, {
        // Not enumerable: only who asks for the part itself is told.
        get: () => {
          throw new CompositionError(
            `${where} holds ${parts.join(' and ')} alone, and this needs the ${part}: export the whole model.`,
          );
        },
      });
  return { primal: own, dual };
}
