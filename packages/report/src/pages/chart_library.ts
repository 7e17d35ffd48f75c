/** The library that draws a page's charts, [uPlot](https://github.com/leeoniya/uPlot), as texts that a page holds. */
export interface ChartLibrary {
  /** It defines `uPlot`. */
  readonly script: string;
  readonly style: string;
}
