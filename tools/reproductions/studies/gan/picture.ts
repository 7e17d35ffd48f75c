// Where samples lie: a panel for each run.
const panel = { width: 210, height: 222, plot: 180, left: 15, top: 30 };
const perRow = 3;

/** One run's samples and the means of the modes, both flat. */
export interface Panel {
  readonly title: string;
  readonly points: readonly number[];
  readonly modes: readonly number[];
}

/** An SVG of panels: samples as dots, the modes' means as circles. */
export function drawPanels(
  panels: readonly Panel[],
  { title }: { readonly title: string },
): string {
  const rows = Math.ceil(panels.length / perRow);
  const drawn = panels.map(({ title: name, points, modes }, i) => {
    const reach = 1.25 * Math.max(...modes.map(Math.abs));
    const at = (value: number): string => (panel.plot * (0.5 + value / (2 * reach))).toFixed(1);
    const inside = (x: number, y: number): boolean => Math.max(Math.abs(x), Math.abs(y)) <= reach;
    const pairs = (values: readonly number[]): (readonly [number, number])[] =>
      Array.from({ length: values.length / 2 }, (_, j) => [values[2 * j]!, -values[2 * j + 1]!]);
    const dots = pairs(points).filter(([x, y]) => inside(x, y));
    const circles = pairs(modes);
    const x = panel.left + panel.width * (i % perRow);
    const y = panel.top + panel.height * Math.floor(i / perRow);
    return [
      `<g transform="translate(${x} ${y})"><text y="-8">${name}</text>`,
      `<rect width="${panel.plot}" height="${panel.plot}"/>`,
      ...circles.map(([u, v]) => `<circle cx="${at(u)}" cy="${at(v)}" r="6"/>`),
      `<path d="${dots.map(([u, v]) => `M${at(u)} ${at(v)}h0`).join('')}"/></g>`,
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panel.width * perRow} ${panel.height * rows + 8}">`,
    `<title>${title}</title>`,
    '<style>text { font: 12px system-ui, sans-serif; fill: #6f7b8a } rect { fill: none; stroke: #8a8f98; stroke-opacity: .4 } circle { fill: none; stroke: #d9822b; stroke-opacity: .6 } path { fill: none; stroke: #2f6fb3; stroke-width: 2; stroke-linecap: round; stroke-opacity: .7 }</style>',
    ...drawn,
    '</svg>',
  ].join('\n');
}
