import type { SelectedBackend } from '@elbo/backends';
import type { Rows } from '../common/kept_rows.js';

/** The flags of a study beside the shared ones, with the text that each has by default, if any. */
export type Flags = Readonly<Record<string, string | undefined>>;

/** What was given for them. */
export type Values<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends string ? string : string | undefined;
};

/** Where work goes on, and how it is heard of and stopped. */
export interface Context {
  /** The folder that keeps what is needed to go on after an interruption. */
  readonly out: string;
  log(message: string): void;
  readonly signal: AbortSignal;
}

/** What a study is asked for. */
interface Request<F extends Flags = Flags> extends Context {
  readonly seeds: readonly number[];
  readonly values: Values<F>;
  readonly backend: SelectedBackend;
  /** The repository. */
  readonly root: string;
}

/** What a study found. */
interface Findings<Result> {
  /** The numbers, as they are kept. */
  readonly result: Result;
  /** What the numbers are means of, to be kept beside them in docs/reproductions/rows/. */
  readonly rows?: readonly Rows[];
  /** Whether nothing that is required of them is missed. */
  readonly holds: boolean;
  /** By file name in docs/reproductions/. */
  readonly pictures?: Readonly<Record<string, string | Uint8Array>>;
}

/** A published result, and how it is reproduced. */
export interface Study<Result = unknown, F extends Flags = Flags> {
  /** A line about it. */
  readonly summary: string;
  /** The seeds by default. */
  readonly seeds: readonly number[];
  readonly flags: F;
  /** The flag that lists its methods, each of which can be run alone with each seed; none where it is run as a whole. */
  readonly methods?: string;
  run(request: Request<F>): Promise<Findings<Result>>;
  /** The section of docs/reproductions.md, which the kept numbers are enough for. */
  page(result: Result): string;
}
