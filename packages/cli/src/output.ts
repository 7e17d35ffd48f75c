import { printable, printableJson, printableLines } from '@elbo/core';
import type { Host, Progress } from '@elbo/experiments';
import { formatBar } from './format_bar.js';

/** Writes what a command says before it ends in an error. Like all that is written here, it steers no terminal. */
export function complain(text: string): void {
  console.error(printableLines(text));
}

/** Where a command writes: results on standard output, everything else on standard error. */
export interface Output extends Host {
  /** Whether results are JSON, a line each. */
  readonly json: boolean;
  /** Whether a person watches: bars instead of lines. */
  readonly interactive: boolean;
  /** A result for people; left out with `--json`. */
  line(text: string): void;
  /** A result for programs; left out without `--json`. */
  result(value: Readonly<Record<string, unknown>>): void;
}

/** The output of a process. */
export function processOutput(json: boolean): Output {
  const { stdout, stderr } = process;
  const interactive = !json && stderr.isTTY;
  const write = (stream: NodeJS.WriteStream, text: string): void => {
    // What is on the line, a bar or a transient text, gives way; a bar is drawn again below.
    if (interactive) stderr.write('\r\x1b[K');
    stream.write(`${text}\n`);
  };
  return {
    json,
    interactive,
    line: (text) => {
      if (!json) write(stdout, printableLines(text));
    },
    result: (value) => {
      if (json) write(stdout, printableJson(JSON.stringify(value)));
    },
    note: (text) => {
      write(stderr, printableLines(text));
    },
    status: (text) => {
      if (interactive) stderr.write(`\r\x1b[K${printable(text)}`);
    },
    progress: (total, done = 0) =>
      interactive ? screenBar(total, done) : { update: () => undefined, stop: () => undefined },
  };
}

/** A bar that changes no setting of the terminal, so that a kill leaves none changed. */
function screenBar(total: number, done: number): Progress {
  const { stderr } = process;
  const draw = (value: number, said: string): void => {
    const text = printable(said);
    stderr.write(
      `\r${formatBar({ done: value, total, text, columns: stderr.columns || 80 })}\x1b[K`,
    );
  };
  draw(done, '');
  return {
    update: draw,
    stop: () => {
      stderr.write('\n');
    },
  };
}
