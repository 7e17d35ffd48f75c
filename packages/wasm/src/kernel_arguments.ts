import type { TensorInfo } from '@tensorflow/tfjs-core';

/** A kernel's arguments by name, as its operation passes them. */
export type Inputs = Readonly<Record<string, TensorInfo>>;

/** What else an operation passes. */
export type Attrs = Readonly<Record<string, unknown>>;
