import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { renderReport, type ChartLibrary, type ReportData } from '../src/index.js';

const { resolve } = createRequire(import.meta.url);

/** The library that draws charts. */
export const library: ChartLibrary = {
  script: readFileSync(resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
  style: readFileSync(resolve('uplot/dist/uPlot.min.css'), 'utf8'),
};

/** A report with it. */
export const rendered = (data: ReportData): string => renderReport(data, library);
