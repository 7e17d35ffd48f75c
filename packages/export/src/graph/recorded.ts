import { CompositionError } from '@elbo/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { constantOf, rowsAlike } from './constants.js';
import {
  hasRows,
  type Constant,
  type Dims,
  type DType,
  type Form,
  type Graph,
  type Input,
  type Node,
} from './graph.js';
import { attributeOf, expectAlike, shapeOf, type Rows } from './merged.js';
import { disposeTrace, type Call, type Trace } from './trace.js';

/** Neither divides what networks are made of, nor the other. */
const recordedRows: Rows = [5, 7];

/** What a computation is recorded by. */
export interface Recording {
  /** Names it in errors. */
  readonly part: string;
  /** Traces it with so many rows. */
  trace(rows: number, wanted?: ReadonlySet<number>): Trace;
  /** Outputs that are left out where they need noise of their own. */
  readonly withoutNoise?: readonly string[];
}

/**
 * A computation as a graph for any number of rows: it is traced with two numbers of rows, and what differs depends on them.
 * What depends neither on inputs nor on rows becomes a constant.
 *
 * @throws CompositionError for a computation that is not the same for every number of rows.
 */
export async function recorded({ part, trace, withoutNoise = [] }: Recording): Promise<Graph> {
  const traces: Trace[] = [];
  const traced = (rows: number, wanted?: ReadonlySet<number>): Trace => {
    const made = trace(rows, wanted);
    traces.push(made);
    return made;
  };
  try {
    const [few, more] = recordedRows;
    const first = traced(few);
    const second = traced(more);
    expectAlike(first, second, part);
    const shapes = shapesOf(first, second, part);
    const depends = dependents(first, shapes);
    const outputs = keptOutputs(first, shapes, withoutNoise);
    const needed = neededBy(first, Object.values(outputs), depends);
    const folded = new Set(
      [...needed].filter((place) => !depends[place] && first.values[place]!.source.kind === 'call'),
    );
    const third = folded.size > 0 ? traced(few, folded) : first;
    return await graphOf({ part, first: third, second, shapes, depends, needed, outputs });
  } finally {
    traces.forEach(disposeTrace);
  }
}

function shapesOf(first: Trace, second: Trace, part: string): readonly Dims[] {
  return first.values.map(({ shape }, place) => {
    const found = shapeOf(shape, second.values[place]!.shape, recordedRows);
    if (found) return found;
    const by = first.calls.find(({ outputs }) => outputs.includes(place))?.kernel ?? 'a constant';
    throw new CompositionError(
      `The ${part} cannot be exported: ${by} makes [${shape.join(', ')}] of ${recordedRows[0]} rows, which is no multiple of them.`,
    );
  });
}

/** Which values depend on inputs, on noise of rows, or on the number of rows. */
function dependents({ values, calls }: Trace, shapes: readonly Dims[]): readonly boolean[] {
  const depends = values.map(
    ({ source }, place) => source.kind === 'input' || hasRows(shapes[place]!),
  );
  for (const { inputs, outputs } of calls)
    if (Object.values(inputs).some((place) => depends[place]))
      for (const place of outputs) depends[place] = true;
  return depends;
}

/** The call that makes each value. */
function makersOf({ calls }: Trace): ReadonlyMap<number, Call> {
  return new Map(calls.flatMap((call) => call.outputs.map((place) => [place, call] as const)));
}

function keptOutputs(
  { values, calls, outputs }: Trace,
  shapes: readonly Dims[],
  withoutNoise: readonly string[],
): Trace['outputs'] {
  const noisy = values.map(
    ({ source }, place) => source.kind === 'noise' && hasRows(shapes[place]!),
  );
  for (const call of calls)
    if (Object.values(call.inputs).some((place) => noisy[place]))
      for (const place of call.outputs) noisy[place] = true;
  return Object.fromEntries(
    Object.entries(outputs).filter(
      ([name, place]) => !(withoutNoise.includes(name) && noisy[place]),
    ),
  );
}

/** All that outputs are made of, down to what does not depend on the inputs. */
function neededBy(
  of: Trace,
  outputs: readonly number[],
  depends: readonly boolean[],
): ReadonlySet<number> {
  const makers = makersOf(of);
  const needed = new Set<number>();
  const rest = [...outputs];
  for (let place = rest.pop(); place !== undefined; place = rest.pop()) {
    if (needed.has(place)) continue;
    needed.add(place);
    const maker = depends[place] ? makers.get(place) : undefined;
    rest.push(...Object.values(maker?.inputs ?? {}));
  }
  return needed;
}

interface Found {
  readonly part: string;
  readonly first: Trace;
  readonly second: Trace;
  readonly shapes: readonly Dims[];
  readonly depends: readonly boolean[];
  readonly needed: ReadonlySet<number>;
  readonly outputs: Trace['outputs'];
}

async function graphOf(found: Found): Promise<Graph> {
  const { part, first, second, shapes, depends, needed } = found;
  const names = namesOf(found);
  const nameOf = (place: number): string => names.get(place)!;
  const inputs: Input[] = [];
  const constants = new Map<string, Constant>();
  const forms = new Map<string, Form>();
  const extra: Node[] = [];
  for (const place of [...needed].sort((a, b) => a - b)) {
    const { source, dtype, copy } = first.values[place]!;
    const form = { shape: shapes[place]!, dtype: dtype as DType };
    const name = nameOf(place);
    forms.set(name, form);
    if (source.kind === 'input') inputs.push({ name, ...form });
    else if (source.kind === 'noise' && depends[place])
      inputs.push({ name, ...form, noise: source.law });
    else if (!depends[place] && copy) {
      const value = await constantOf(copy);
      if (source.kind === 'constant') await expectSame(value, second.values[place]!.copy!, part);
      constants.set(name, value);
    } else if (source.kind === 'constant') {
      const row = await rowsAlike(form.shape, copy!, second.values[place]!.copy!, part);
      constants.set(`${name}_row`, row);
      forms.set(`${name}_row`, { shape: row.shape, dtype: row.dtype });
      extra.push({
        kernel: 'BroadcastTo',
        inputs: { x: `${name}_row` },
        attributes: { shape: form.shape },
        outputs: [name],
      });
    }
  }
  // An input that nothing needs is still given.
  for (const [place, { source, dtype }] of first.values.entries())
    if (source.kind === 'input' && !needed.has(place)) {
      const form = { shape: shapes[place]!, dtype: dtype as DType };
      inputs.push({ name: source.name, ...form });
      forms.set(source.name, form);
    }
  return {
    inputs,
    constants,
    nodes: [...extra, ...nodesOf(found, nameOf, forms)],
    outputs: new Map(Object.entries(found.outputs).map(([name, place]) => [name, nameOf(place)])),
    forms,
  };
}

function nodesOf(
  { part, first, second, shapes, depends, needed }: Found,
  nameOf: (place: number) => string,
  forms: Map<string, Form>,
): readonly Node[] {
  return first.calls.flatMap(({ kernel, inputs, attributes, outputs }, i) => {
    if (!outputs.some((place) => needed.has(place) && depends[place])) return [];
    const other = second.calls[i]!.attributes;
    const own = Object.entries(attributes).map(([name, value]) => {
      const merged = attributeOf(value, other[name], recordedRows);
      if (!merged)
        throw new CompositionError(
          `The ${part} cannot be exported: '${name}' of ${kernel} depends on the number of rows, and is no multiple of it.`,
        );
      return [name, merged.of] as const;
    });
    for (const place of outputs)
      forms.set(nameOf(place), {
        shape: shapes[place]!,
        dtype: first.values[place]!.dtype as DType,
      });
    return [
      {
        kernel,
        inputs: Object.fromEntries(
          Object.entries(inputs).map(([name, place]) => [name, nameOf(place)]),
        ),
        attributes: Object.fromEntries(own),
        outputs: outputs.map(nameOf),
      },
    ];
  });
}

/** Inputs and weights by their own names, noise in order, and the rest by what makes them. */
function namesOf({ first, depends, needed }: Found): ReadonlyMap<number, string> {
  const makers = makersOf(first);
  const noises = first.values.flatMap(({ source }, place) =>
    source.kind === 'noise' && depends[place] && needed.has(place) ? [place] : [],
  );
  return new Map(
    first.values.map(({ source }, place) => {
      if (source.kind === 'input' || source.kind === 'weight') return [place, source.name];
      const draw = noises.indexOf(place);
      if (draw >= 0) return [place, noises.length === 1 ? 'noise' : `noise_${draw}`];
      const maker = makers.get(place)?.kernel.replaceAll(/\W|_/g, '') ?? 'constant';
      return [place, `${maker.toLowerCase()}_${place}`];
    }),
  );
}

async function expectSame(first: Constant, second: Tensor, part: string): Promise<void> {
  const { values } = await constantOf(second);
  if (first.values.every((value, i) => Object.is(value, values[i]))) return;
  throw new CompositionError(
    `The ${part} cannot be exported: a number in it depends on how many rows there are.`,
  );
}
