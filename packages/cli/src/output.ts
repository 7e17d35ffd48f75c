import cliProgress from 'cli-progress';

/** One bar on the screen. */
export interface Bar {
  update(done: number, text: string): void;
  stop(): void;
}

/** Where a command writes: results on standard output, everything else on standard error. */
export interface Output {
  /** Whether results are JSON, a line each. */
  readonly json: boolean;
  /** Whether a person watches: bars instead of lines. */
  readonly interactive: boolean;
  /** A result for people; left out with `--json`. */
  line(text: string): void;
  /** A result for programs; left out without `--json`. */
  result(value: Readonly<Record<string, unknown>>): void;
  /** What a person should know. */
  note(text: string): void;
  /** A line that the next one replaces; nothing where nobody watches. */
  transient(text: string): void;
  /** A bar over `total` units; does nothing where nobody watches. */
  bar(total: number, done?: number): Bar;
}

/** The output of a process. */
export function processOutput(json: boolean): Output {
  const { stdout, stderr } = process;
  const interactive = !json && stderr.isTTY;
  let pendingReturn = false;
  const settle = (): void => {
    if (pendingReturn) stderr.write('\n');
    pendingReturn = false;
  };
  return {
    json,
    interactive,
    line: (text) => {
      settle();
      if (!json) stdout.write(`${text}\n`);
    },
    result: (value) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
    },
    note: (text) => {
      settle();
      stderr.write(`${text}\n`);
    },
    transient: (text) => {
      if (!interactive) return;
      stderr.write(`\r\x1b[K${text}`);
      pendingReturn = true;
    },
    bar: (total, done = 0) => {
      if (!interactive)
        return {
          update: () => undefined,
          stop: () => undefined,
        };
      settle();
      const bar = new cliProgress.SingleBar({
        format: '{bar} {value}/{total} {text}',
        barsize: 24,
        barCompleteChar: '━',
        barIncompleteChar: '─',
        hideCursor: true,
        clearOnComplete: false,
        stream: stderr,
        // The signal handler of the command stops the bar; the library's own would end the process.
        gracefulExit: false,
      });
      bar.start(total, done, { text: '' });
      return {
        update: (value, text) => {
          bar.update(value, { text });
        },
        stop: () => {
          bar.stop();
        },
      };
    },
  };
}
