import type { Binding, Described, Made } from '../native.js';

/** The recorder's own numbers of tensors begin here, far above the binding's. */
const firstOwn = 2 ** 30;

/** A tensor with a number of the recorder's: what was uploaded, or what an operation of a trace gave. */
interface Own extends Described {
  readonly values?: readonly number[];
  /** Its number in the binding, once it is there. */
  id?: number | undefined;
}

/** What is known of tensors, by their numbers: the binding's, and the recorder's own for those that it may not have yet. */
export class Tensors {
  private readonly real: Binding;
  private readonly known = new Map<number, Described>();
  private readonly own = new Map<number, Own>();
  private nextOwn = firstOwn;

  constructor(real: Binding) {
    this.real = real;
  }

  /** Numbers a tensor that the binding may not have. */
  add(own: Own): number {
    this.own.set(this.nextOwn, own);
    return this.nextOwn++;
  }

  /** Notes what the binding has made. */
  note<T extends readonly Made[]>(made: T): T {
    for (const { id, dtype, shape } of made) this.known.set(id, { dtype, shape });
    return made;
  }

  described(id: number): Described | undefined {
    return id < firstOwn ? this.known.get(id) : this.own.get(id);
  }

  /** The few numbers that were uploaded as a tensor, where it is such a one. */
  valuesOf(id: number): readonly number[] | undefined {
    return this.own.get(id)?.values;
  }

  /** Whether a tensor has no data yet. */
  awaited(id: number): boolean {
    const own = this.own.get(id);
    return own !== undefined && own.id === undefined && !own.values;
  }

  /** A tensor's number in the binding; what was uploaded comes there now. */
  readonly realId = (id: number): number => {
    const own = this.own.get(id);
    if (!own) return id;
    const { dtype, shape, values } = own;
    const typed = dtype === this.real.TF_FLOAT ? Float32Array : Int32Array;
    return (own.id ??= this.real.createTensor(shape, dtype, typed.from(values ?? [])));
  };

  /** Gives a tensor of the recorder's data in the binding, in place of those that it had. */
  adopt(id: number, real: number): void {
    this.drop(id);
    this.own.get(id)!.id = real;
  }

  /** Frees what a tensor of the recorder's has in the binding. */
  drop(id: number): void {
    const own = this.own.get(id)!;
    if (own.id !== undefined) this.real.deleteTensor(own.id);
    own.id = undefined;
  }

  /** Frees a tensor, and forgets it. */
  free(id: number): void {
    if (this.own.has(id)) this.drop(id);
    else this.real.deleteTensor(id);
    this.own.delete(id);
    this.known.delete(id);
  }
}
