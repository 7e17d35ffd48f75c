import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binding, Made } from '../native.js';
import { savedModel } from './saved_model.js';
import { start, type Operation } from './trace.js';

/** A trace that TensorFlow runs in one call. */
export interface Program {
  /** @returns the outputs. */
  run(values: Values): readonly Made[];
  dispose(): void;
}

/** The values of a trace by their places. */
export interface Values {
  /** The number in the binding of a tensor that the trace was given. */
  idAt(place: number): number;
  numberAt(place: number): number;
}

/** Loads a program by a file in a folder of its own, which is removed at once. */
function load(bytes: Uint8Array, binding: Binding): number {
  const folder = mkdtempSync(join(tmpdir(), 'elbo-step-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), bytes);
    return binding.loadSavedModel(folder, 'serve');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Makes a program of a trace.
 *
 * @param outputs The places of the values that it gives.
 * @throws where TensorFlow does not take it.
 */
function compile(last: Operation, outputs: readonly number[], binding: Binding): Program {
  const { bytes, given, numbers, inputNames, outputNames } = savedModel(last, outputs, binding);
  const session = load(bytes, binding);
  return {
    run: ({ idAt, numberAt }) => {
      const inputs = given.map(idAt);
      const vector =
        numbers.length > 0 &&
        binding.createTensor(
          [numbers.length],
          binding.TF_FLOAT,
          Float32Array.from(numbers, numberAt),
        );
      try {
        const ids = vector === false ? inputs : [...inputs, vector];
        return binding.runSavedModel(session, ids, inputNames, outputNames);
      } finally {
        if (vector !== false) binding.deleteTensor(vector);
      }
    },
    dispose: () => {
      binding.deleteSavedModel(session);
    },
  };
}

/** Nearly every step is another program, which it takes longer to make than to do without. */
export class FutileError extends Error {}

/** The tree of the traces of one training, and the programs made of them. */
export class Programs {
  readonly start: Operation = start();
  private readonly made = new Map<Operation, Map<string, Program>>();
  private readonly binding: Binding;
  private readonly failed: (error: unknown) => void;
  private count = 0;
  private runs = 0;

  /** @param failed Is told why a trace became no program. */
  constructor(binding: Binding, failed: (error: unknown) => void) {
    this.binding = binding;
    this.failed = failed;
  }

  /**
   * Runs a trace as a program, made where there is none yet.
   *
   * @param last The operation that it ends with.
   * @param outputs The places of the values that it gives.
   * @returns those values; nothing where it could not.
   */
  run(last: Operation, outputs: readonly number[], values: Values): readonly Made[] | undefined {
    try {
      return this.of(last, outputs).run(values);
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  dispose(): void {
    for (const alike of this.made.values()) for (const program of alike.values()) program.dispose();
    this.made.clear();
  }

  private of(last: Operation, outputs: readonly number[]): Program {
    const alike = this.made.get(last) ?? new Map<string, Program>();
    this.made.set(last, alike);
    const key = outputs.join();
    this.runs++;
    const known = alike.get(key);
    if (known) return known;
    if (++this.count > 8 + this.runs / 20)
      throw new FutileError(`${this.count} programs in ${this.runs} steps`);
    const program = compile(last, outputs, this.binding);
    alike.set(key, program);
    return program;
  }
}
