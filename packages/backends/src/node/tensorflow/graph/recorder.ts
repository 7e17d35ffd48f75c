import { BackendError } from '@elbo/core';
import type { Attribute, Binding, Described, Made } from '../native.js';
import type { Programs } from './program.js';
import { performed, Sequencing } from './sequence.js';
import { Tensors } from './tensors.js';
import {
  firstOutput,
  follow,
  followed,
  operationsTo,
  sameNumbers,
  type Call,
  type Operation,
  type Sequence,
  type Source,
} from './trace.js';

/** As many whole numbers say axes or a shape; more are data. */
const mostConstants = 16;

/** Never part of a program: what cannot be done twice, and what has a shape that depends on the numbers it is given. */
const unrecordable = new RegExp(
  `^(${[
    ...['VarHandle', 'Assign', 'ReadVariable', 'Resource', 'Random', 'Multinomial', 'Print'],
    ...['Decode', 'Encode', 'String', 'Range', 'LinSpace', 'Where', 'Unique', 'ListDiff'],
    ...['NonMaxSuppression', 'Sparse', 'Ragged', 'Bincount', 'DenseBincount'],
  ].join('|')})`,
);

/** What tfjs-node does not tell the type of its numbers, which a program must: that of the first input. */
const untyped = 'ExpandDims';

/**
 * A binding that can put off what it is asked for. While it records, an operation that followed the same ones before is
 * noted only, for the shapes of its outputs are known. At the end all that was noted is run as one program, which gives what
 * is still held. A sequence that is new is performed one by one first, so that programs are made of what works; and then
 * run as a program all the same, so that each step of a training is computed alike.
 */
export class Recorder {
  /** Takes the place of the binding. */
  readonly binding: Binding;
  /** The binding itself. */
  readonly real: Binding;
  private readonly tensors: Tensors;

  private programs: Programs | undefined;
  /** The end of the trace. */
  private at: Operation | undefined;
  /** Where the values of the trace are in it, by the numbers of the tensors; and the other way round. */
  private readonly places = new Map<number, number>();
  private readonly ids: number[] = [];
  /** The outputs in the trace that are not disposed. */
  private readonly held = new Set<number>();
  /** Disposed tensors of the trace: nothing is left of them at its end. */
  private readonly disposed = new Set<number>();
  /** Whether the trace is new, so that its operations are performed as they come. */
  private performs = false;
  /** What is performed for the first time as a part of a sequence. */
  private sequencing: Sequencing | undefined;

  constructor(real: Binding) {
    this.real = real;
    this.tensors = new Tensors(real);
    const record = {
      createTensor: this.createTensor.bind(this),
      deleteTensor: this.deleteTensor.bind(this),
      executeOp: this.executeOp.bind(this),
      sequence: this.sequence.bind(this),
      tensorDataSync: (id: number) => {
        if (this.awaited(id)) this.cut();
        return real.tensorDataSync(this.tensors.realId(id));
      },
      runSavedModel: (model: number, ids: readonly number[], from: string, to: string) => {
        if (this.recording) this.cut();
        const made = real.runSavedModel(model, ids.map(this.tensors.realId), from, to);
        return this.tensors.note(made);
      },
    };
    this.binding = Object.create(real, {
      ...Object.getOwnPropertyDescriptors(record),
      recording: { get: () => this.recording },
    }) as Binding;
  }

  get recording(): boolean {
    return this.programs !== undefined;
  }

  /** Records until `end`, for these programs. */
  begin(programs: Programs): void {
    this.programs = programs;
    this.at = programs.start;
  }

  /**
   * Ends the recording: whatever was asked for, and is held, is there.
   *
   * @param asProgram Or operation by operation: what failed in the middle is no program to keep.
   */
  end(asProgram: boolean): void {
    try {
      this.cut(asProgram);
    } finally {
      this.programs = undefined;
    }
  }

  private createTensor(shape: readonly number[], dtype: number, values: ArrayLike<number>): number {
    const { TF_FLOAT, TF_INT32 } = this.real;
    const few = dtype === TF_FLOAT ? values.length === 1 : values.length <= mostConstants;
    if (this.recording && few && (dtype === TF_FLOAT || dtype === TF_INT32))
      return this.tensors.add({ dtype, shape, values: Array.from(values) });
    const id = this.real.createTensor(shape, dtype, values);
    this.tensors.note([{ id, dtype, shape }]);
    return id;
  }

  private deleteTensor(id: number): void {
    const place = this.places.get(id);
    if (place === undefined) this.tensors.free(id);
    else {
      this.disposed.add(id);
      if (this.held.delete(place)) this.tensors.drop(id);
    }
  }

  private executeOp(
    name: string,
    given: readonly Attribute[],
    ids: readonly number[],
    outputs: number,
  ): readonly Made[] {
    const type = name === untyped ? this.tensors.described(ids[0]!)?.dtype : undefined;
    const attributes =
      type === undefined ? given : [{ name: 'T', type: this.real.TF_ATTR_TYPE, value: type }];
    const perform = (): readonly Made[] =>
      this.real.executeOp(name, attributes, ids.map(this.tensors.realId), outputs);
    if (this.sequencing) {
      const made = perform();
      this.sequencing.add(name, attributes, ids, made);
      return made;
    }
    if (this.records(ids)) {
      if (!unrecordable.test(name))
        return this.record(name, attributes, ids, () => ({ made: perform() }));
      this.cut();
    }
    return this.tensors.note(perform());
  }

  private sequence(
    name: string,
    ids: readonly number[],
    make: () => readonly number[],
  ): readonly number[] {
    if (!this.records(ids)) return make();
    const recorded = this.record(name, [], ids, () => {
      const sequencing = (this.sequencing = new Sequencing(ids));
      try {
        const results = make();
        const made = results.map((id) => sequencing.of(id));
        return { made, sequence: sequencing.sequence(results) };
      } finally {
        this.sequencing = undefined;
      }
    });
    return recorded.map(({ id }) => id);
  }

  /** Whether operations on these tensors are recorded. */
  private records(ids: readonly number[]): boolean {
    return this.recording && ids.every((id) => this.tensors.described(id) !== undefined);
  }

  /** Notes an operation, or a sequence of them, where its outputs are known; or performs it. */
  private record(
    name: string,
    attributes: readonly Attribute[],
    ids: readonly number[],
    perform: () => { readonly made: readonly Made[]; readonly sequence?: Sequence },
  ): readonly Made[] {
    const before = this.ids.length;
    const sources: Source[] = [];
    const inputs = ids.map((id) => this.places.get(id) ?? this.placed(id, sources));
    const call: Call = { name, attributes, inputs, sources };
    const known = this.performs ? undefined : followed(this.at!, call);
    if (known) {
      this.at = known;
      return known.outputs.map((output) => this.output(output));
    }
    try {
      if (!this.performs) this.perform();
      this.performs = true;
      const { made, sequence } = perform();
      this.at = follow(this.at!, call, made, sequence);
      return made.map((output) => this.output(output, output.id));
    } catch (error) {
      // It is no part of the trace, and so are not the values that came with it.
      for (const id of this.ids.splice(before)) this.places.delete(id);
      throw error;
    }
  }

  /** Gives a value that the trace has not seen its place. */
  private placed(id: number, sources: Source[]): number {
    const { dtype, shape } = this.tensors.described(id)!;
    const values = this.tensors.valuesOf(id);
    if (!values) sources.push({ kind: 'given', dtype, shape });
    else if (dtype === this.real.TF_FLOAT) sources.push({ kind: 'number', dtype, shape });
    else sources.push({ kind: 'constant', dtype, shape, values });
    return this.place(id);
  }

  private place(id: number): number {
    const place = this.ids.push(id) - 1;
    this.places.set(id, place);
    return place;
  }

  /** A held output of the trace. */
  private output({ dtype, shape }: Described, id?: number): Made {
    const number = this.tensors.add({ dtype, shape, id });
    this.held.add(this.place(number));
    return { id: number, dtype, shape };
  }

  /** Whether a tensor that is read must be computed first. */
  private awaited(id: number): boolean {
    return this.tensors.awaited(id);
  }

  /** Does what was noted, and begins another trace. */
  private cut(asProgram = true): void {
    try {
      if (this.held.size > 0 && !(asProgram && this.runProgram()) && !this.performs) this.perform();
    } finally {
      for (const id of this.disposed) this.tensors.free(id);
      this.disposed.clear();
      this.places.clear();
      this.held.clear();
      this.ids.length = 0;
      this.at = this.programs!.start;
      this.performs = false;
    }
  }

  /** Runs the trace as a program, whose outputs take the place of what was performed. Says whether it could. */
  private runProgram(): boolean {
    const outputs = [...this.held];
    const made = this.programs!.run(this.at!, outputs, {
      idAt: (place) => this.tensors.realId(this.ids[place]!),
      numberAt: (place) => this.tensors.valuesOf(this.ids[place]!)![0]!,
    });
    made?.forEach((each, i) => {
      this.adopt(outputs[i]!, each);
    });
    return made !== undefined;
  }

  /** Gives an output of the trace its data, in place of those that it had. */
  private adopt(place: number, { id, shape }: Made): void {
    const number = this.ids[place]!;
    const expected = this.tensors.described(number)!.shape;
    this.tensors.adopt(number, id);
    if (!sameNumbers(expected, shape))
      throw new BackendError(
        `TensorFlow gave a tensor of shape [${shape.join()}] where the same operations gave [${expected.join()}] before: ` +
          "select the backend with programs: false, and tell Elbo's authors which layer or loss it was.",
      );
  }

  /** Performs the operations of the trace one by one. */
  private perform(): void {
    for (const operation of operationsTo(this.at!)) {
      const ids = operation.inputs.map((place) => this.tensors.realId(this.ids[place]!));
      performed(operation, ids, this.real).forEach((each, i) => {
        this.adopt(firstOutput(operation) + i, each);
      });
    }
  }
}
