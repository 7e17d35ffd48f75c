/** A cell as Markdown takes it. */
export type Cell = string | number;

const line = (cells: readonly Cell[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;

/** A table in Markdown. */
export const table = (head: readonly string[], body: readonly (readonly Cell[])[]): string =>
  [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');

/** A picture of docs/reproductions/ in Markdown. */
export const picture = (about: string, file: string): string =>
  `![${about}](reproductions/${file})`;
