import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';

/** Changes of files that can all be taken back. */
export interface Changes {
  /** Makes room at a path: what is there is put aside, and what comes there is new. */
  makeRoom(path: string): void;
  /** Makes a folder. */
  makeFolder(path: string): void;
  /** Makes a link at a path. */
  link(target: string, path: string): void;
  /** Makes everything as it was. */
  undo(): void;
  /** Removes what was put aside. */
  keep(): void;
}

const remove = (path: string): void => {
  rmSync(path, { recursive: true, force: true });
};

export function changes(): Changes {
  const undoings: (() => void)[] = [];
  const asides: string[] = [];
  const isNew = (path: string): void => {
    undoings.push(() => {
      remove(path);
    });
  };
  return {
    makeRoom: (path) => {
      const aside = `${path}.elbo-before`;
      // One that is there already is from a change that was killed half-way: what it holds is the older.
      if (existsSync(aside)) remove(path);
      else if (existsSync(path)) renameSync(path, aside);
      undoings.push(() => {
        remove(path);
        if (existsSync(aside)) renameSync(aside, path);
      });
      asides.push(aside);
    },
    makeFolder: (path) => {
      isNew(path);
      mkdirSync(path);
    },
    link: (target, path) => {
      isNew(path);
      symlinkSync(target, path);
    },
    undo: () => {
      for (const undoing of undoings.reverse()) undoing();
    },
    keep: () => {
      asides.forEach(remove);
    },
  };
}
