/** A dimension: a number, or that many times the number of rows. */
export type Dim = number | { readonly rows: number };
export type Dims = readonly Dim[];
export type DType = 'float32' | 'int32' | 'bool';

/** What a tensor of a graph is like. */
export interface Form {
  readonly shape: Dims;
  readonly dtype: DType;
}

/** A tensor whose numbers are part of the graph. */
export interface Constant {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** What is given to a graph. */
export interface Input extends Form {
  readonly name: string;
  /** What it is to be drawn from, where it is noise. */
  readonly noise?: 'normal' | 'uniform';
}

/** An attribute of a node: as TensorFlow.js' kernels take it, with dimensions for sizes that depend on the rows. */
export type Attribute = Dim | boolean | string | null | undefined | readonly Attribute[];

/** One kernel of TensorFlow.js. Values are named. */
export interface Node {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: readonly string[];
}

/** A computation for any number of rows. */
export interface Graph {
  readonly inputs: readonly Input[];
  readonly constants: ReadonlyMap<string, Constant>;
  /** Each after those that it needs. */
  readonly nodes: readonly Node[];
  /** The names of values by the names of outputs. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Of every value. */
  readonly forms: ReadonlyMap<string, Form>;
}

/** Whether a dimension depends on the number of rows. */
export const isOfRows = (dim: Dim): dim is { readonly rows: number } => typeof dim !== 'number';

/** Whether a shape does. */
export const hasRows = (shape: Dims): boolean => shape.some(isOfRows);
