/** A page's section, and what is kept beside it. */
interface Section {
  readonly page: string;
  readonly name: string;
  readonly markdown: string;
  readonly json: unknown;
  /** The text of its rows, in the place of those kept before; without it they stay. */
  readonly rows?: string;
}

/** What the repository's other tools do for a run. */
export interface Host<Machine = unknown> {
  /** The repository. */
  readonly root: string;
  /** A folder in it that git ignores. */
  readonly scratch: string;
  machine(): Machine;
  describe(machine: Machine): string;
  /** Keeps a section of a page of docs/, with its numbers and rows. */
  record(section: Section): Promise<void>;
}

/** The last line of a section: how it was made. */
export const footer = <Machine>(
  command: string,
  machine: Machine,
  { describe }: Pick<Host<Machine>, 'describe'>,
): string => `\`${command}\` on ${describe(machine)}.`;
