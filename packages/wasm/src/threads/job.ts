// A job: one function of the side module, called once for each cell of a grid. Its arguments are numbers that grow by fixed
// steps down and along the grid, so that a few numbers in shared memory say all of it.
import type { SideModule } from '../side_exports.js';

/** The functions of the side module by their place in a list that is the same in every thread. */
export type Functions = readonly ((...args: number[]) => unknown)[];

/** The names of a side module's functions, in the order of `Functions`. */
export function functionNames(side: SideModule): (keyof SideModule)[] {
  return (Object.keys(side) as (keyof SideModule)[]).sort();
}

export function functionsOf(side: SideModule): Functions {
  return functionNames(side).map((name) => side[name] as Functions[number]);
}

/** The most arguments that a function has. */
const mostArguments = 18;

/** How one direction of the grid is cut. */
export interface Cut {
  /** The place of the argument that counts what is cut, and of another that is to be the same. */
  readonly argument: number;
  readonly also?: number | undefined;
  /** How much each part has, but the last, which has what is left of all. */
  readonly each: number;
  readonly all: number;
  readonly parts: number;
}

/** What is added to arguments, by their places. */
export type Steps = Readonly<Record<number, number>>;

/** What a job is. */
export interface Job {
  /** The place of its function. */
  readonly code: number;
  /** The arguments of the first part, done by the first thread. */
  readonly args: readonly number[];
  readonly down: Cut;
  readonly along?: Cut | undefined;
  /** What is added to them for each part further down the grid, along it, */
  readonly overDown: Steps;
  readonly overAlong?: Steps | undefined;
  /** and for each thread further. */
  readonly overThread?: Steps | undefined;
}

const cutNumbers = 5;
const at = { code: 0, down: 1, along: 1 + cutNumbers, args: 1 + 2 * cutNumbers } as const;
const overDown = at.args + mostArguments;
const overAlong = overDown + mostArguments;
const overThread = overAlong + mostArguments;

/** How many numbers a job takes. */
export const jobNumbers: number = overThread + mostArguments;

const whole: Cut = { argument: 0, each: 0, all: 0, parts: 1 };

function writeCut(to: Float64Array, place: number, cut: Cut): void {
  to[place] = cut.argument;
  to[place + 1] = cut.also ?? cut.argument;
  to[place + 2] = cut.each;
  to[place + 3] = cut.all;
  to[place + 4] = cut.parts;
}

function writeSteps(to: Float64Array, place: number, steps: Steps | undefined): void {
  to.fill(0, place, place + mostArguments);
  for (const [argument, step] of Object.entries(steps ?? {})) to[place + Number(argument)] = step;
}

/** How many parts a job has. */
export const partsOf = ({ down, along = whole }: Job): number => down.parts * along.parts;

/** Writes a job where all threads read it. */
export function writeJob(to: Float64Array, job: Job): void {
  to[at.code] = job.code;
  writeCut(to, at.down, job.down);
  writeCut(to, at.along, job.along ?? whole);
  for (let i = 0; i < mostArguments; i++) to[at.args + i] = job.args[i] ?? 0;
  writeSteps(to, overDown, job.overDown);
  writeSteps(to, overAlong, job.overAlong);
  writeSteps(to, overThread, job.overThread);
}

/** What a thread needs to do parts of jobs. */
export interface Hand {
  readonly functions: Functions;
  readonly job: Float64Array;
  /** The thread's number: 0 is the one that begins jobs. */
  readonly thread: number;
}

const args = new Array<number>(mostArguments).fill(0);

/** Writes how much of what is counted this part has. */
function writeShare(job: Float64Array, place: number, part: number): void {
  const [each, all, parts] = [job[place + 2]!, job[place + 3]!, job[place + 4]!];
  if (all === 0) return;
  const share = part === parts - 1 ? all - part * each : each;
  args[job[place]!] = share;
  args[job[place + 1]!] = share;
}

/** Does the part of this number of the job that is written. */
export function perform({ functions, job, thread }: Hand, part: number): void {
  const across = job[at.along + cutNumbers - 1]!;
  const row = Math.floor(part / across);
  const column = part - row * across;
  for (let i = 0; i < mostArguments; i++)
    args[i] =
      job[at.args + i]! +
      row * job[overDown + i]! +
      column * job[overAlong + i]! +
      thread * job[overThread + i]!;
  writeShare(job, at.down, row);
  writeShare(job, at.along, column);
  // Arguments beyond a function's own are not looked at.
  functions[job[at.code]!]!(...args);
}
