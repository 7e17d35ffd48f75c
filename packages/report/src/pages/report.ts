import type { ReportData } from '../data.js';
import type { ChartLibrary } from './chart_library.js';
import { chartGroups } from './curves.js';
import { page } from './page.js';
import {
  curves,
  diagnostics,
  evaluations,
  heading,
  headline,
  latentMap,
  origin,
  pictures,
  samplesOf,
  warnings,
} from './sections.js';

const keys = [
  { name: 'training', colour: '--training' },
  { name: 'validation', colour: '--validation' },
];

/** A run's report as one HTML page that needs nothing beside it, and can reach nothing. Equal data give an equal page. */
export function renderReport(data: ReportData, library: ChartLibrary): string {
  const groups = chartGroups(data.metrics);
  return page({
    title: data.title,
    groups,
    library,
    colourOf: (split) => keys.find(({ name }) => name === split)?.colour ?? '--soft',
    body: [
      heading(data),
      headline(data),
      warnings(data),
      curves(groups, keys, data.stage),
      pictures('Samples and reconstructions', data.images),
      samplesOf(data),
      latentMap(data),
      evaluations(data),
      diagnostics(data),
      origin(data),
    ].join('\n'),
  });
}
