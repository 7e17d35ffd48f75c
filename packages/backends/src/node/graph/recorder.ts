import { BackendError } from '@elbo/core';
import type { Attribute, Binding, Described, Made } from '../native.js';
import type { Programs } from './program.js';
import { performed, Sequencing } from './sequence.js';
import {
  follow,
  followed,
  operationsTo,
  sameNumbers,
  type Call,
  type Operation,
  type Sequence,
  type Source,
} from './trace.js';

/** The recorder's own numbers of tensors begin here, far above the binding's. */
const firstOwn = 2 ** 30;

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

/** A tensor with a number of the recorder's: what was uploaded, or what an operation of a trace gave. */
interface Own extends Described {
  readonly values?: readonly number[];
  /** Its number in the binding, once it is there. */
  id?: number | undefined;
}

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
  /** Types and shapes of tensors with numbers of the binding's. */
  private readonly known = new Map<number, Described>();
  private readonly own = new Map<number, Own>();
  private nextOwn = firstOwn;

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
    const record = {
      createTensor: this.createTensor.bind(this),
      deleteTensor: this.deleteTensor.bind(this),
      executeOp: this.executeOp.bind(this),
      sequence: this.sequence.bind(this),
      tensorDataSync: (id: number) => {
        if (this.awaited(id)) this.cut();
        return real.tensorDataSync(this.realId(id));
      },
      runSavedModel: (model: number, ids: readonly number[], from: string, to: string) => {
        if (this.recording) this.cut();
        return this.noted(real.runSavedModel(model, ids.map(this.realId), from, to));
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
      return this.number({ dtype, shape, values: Array.from(values) });
    const id = this.real.createTensor(shape, dtype, values);
    this.known.set(id, { dtype, shape });
    return id;
  }

  private deleteTensor(id: number): void {
    const place = this.places.get(id);
    if (place === undefined) this.free(id);
    else {
      this.disposed.add(id);
      if (this.held.delete(place)) this.drop(this.own.get(id)!);
    }
  }

  private executeOp(
    name: string,
    given: readonly Attribute[],
    ids: readonly number[],
    outputs: number,
  ): readonly Made[] {
    const type = name === untyped ? this.described(ids[0]!)?.dtype : undefined;
    const attributes =
      type === undefined ? given : [{ name: 'T', type: this.real.TF_ATTR_TYPE, value: type }];
    const perform = (): readonly Made[] =>
      this.real.executeOp(name, attributes, ids.map(this.realId), outputs);
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
    return this.noted(perform());
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
    return this.recording && ids.every((id) => this.described(id) !== undefined);
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
    const { dtype, shape } = this.described(id)!;
    const values = this.own.get(id)?.values;
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
    const number = this.number({ dtype, shape, id });
    this.held.add(this.place(number));
    return { id: number, dtype, shape };
  }

  private number(own: Own): number {
    this.own.set(this.nextOwn, own);
    return this.nextOwn++;
  }

  private noted<T extends readonly Made[]>(made: T): T {
    for (const { id, dtype, shape } of made) this.known.set(id, { dtype, shape });
    return made;
  }

  private described(id: number): Described | undefined {
    return id < firstOwn ? this.known.get(id) : this.own.get(id);
  }

  /** Whether a tensor has no data yet. */
  private awaited(id: number): boolean {
    const own = this.own.get(id);
    return own !== undefined && own.id === undefined && !own.values;
  }

  /** A tensor's number in the binding; what was uploaded comes there now. */
  private readonly realId = (id: number): number => {
    const own = this.own.get(id);
    if (!own) return id;
    const { dtype, shape, values } = own;
    const typed = dtype === this.real.TF_FLOAT ? Float32Array : Int32Array;
    return (own.id ??= this.real.createTensor(shape, dtype, typed.from(values ?? [])));
  };

  /** Frees what a tensor of the recorder's has in the binding. */
  private drop(own: Own): void {
    if (own.id !== undefined) this.real.deleteTensor(own.id);
    own.id = undefined;
  }

  private free(id: number): void {
    const own = this.own.get(id);
    if (own) this.drop(own);
    else this.real.deleteTensor(id);
    this.own.delete(id);
    this.known.delete(id);
  }

  /** Does what was noted, and begins another trace. */
  private cut(asProgram = true): void {
    try {
      if (this.held.size > 0 && !(asProgram && this.runProgram()) && !this.performs) this.perform();
    } finally {
      for (const id of this.disposed) this.free(id);
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
      idAt: (place) => this.realId(this.ids[place]!),
      numberAt: (place) => this.own.get(this.ids[place]!)!.values![0]!,
    });
    made?.forEach((each, i) => {
      this.adopt(outputs[i]!, each);
    });
    return made !== undefined;
  }

  /** Gives an output of the trace its data, in place of those that it had. */
  private adopt(place: number, { id, shape }: Made): void {
    const own = this.own.get(this.ids[place]!)!;
    this.drop(own);
    own.id = id;
    if (!sameNumbers(own.shape, shape))
      throw new BackendError(
        `TensorFlow gave a tensor of shape [${shape.join()}] where the same operations gave [${own.shape.join()}] before: ` +
          "select the backend with programs: false, and tell Elbo's authors which layer or loss it was.",
      );
  }

  /** Performs the operations of the trace one by one. */
  private perform(): void {
    for (const operation of operationsTo(this.at!)) {
      const { inputs, first, sources } = operation;
      const ids = inputs.map((place) => this.realId(this.ids[place]!));
      performed(operation, ids, this.real).forEach((each, i) => {
        this.adopt(first + sources.length + i, each);
      });
    }
  }
}
