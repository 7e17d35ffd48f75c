import type { ReportRows } from '@elbo/report';
import { fold, key } from '@elbo/random';
import { drawnFrom } from '../config/row_form.js';
import { samples } from '../use/samples.js';
import { inWords, type Worded } from '../use/values.js';
import type { Shown } from './shown.js';

/** As many texts stand side by side, and as many rows of a table below each other. */
const texts = 60;
const lines = 10;

/** Samples beside rows of the test set, of texts and of tables; nothing of other data. */
export async function rowsInWords({
  model,
  params,
  step,
  test,
  seed,
}: Omit<Shown, 'run'>): Promise<readonly ReportRows[]> {
  if (!test.alphabet && !test.fields) return [];
  const count = test.alphabet ? texts : lines;
  const rows = Uint32Array.from({ length: Math.min(count, test.size) }, (_, i) => i);
  const { x } = await test.read(rows, fold(key(seed), 'rows'));
  const { shape, alphabet, fields } = test;
  const drawn = await samples({ model, params, rows: drawnFrom(test) }, { count, seed });
  const shown = (title: string, caption: string, worded: Worded): ReportRows => ({
    title,
    caption,
    names: alphabet ? [] : worded.names,
    rows: worded.rows.map((row) => row.map((cell) => (cell === '' && fields ? '–' : String(cell)))),
  });
  return [
    shown(
      'Samples',
      `Draws of p(x|z) at draws of z from the prior, as of step ${step}.`,
      inWords(drawn)!,
    ),
    shown(
      'Test rows',
      'The first rows of the test set.',
      inWords({ values: x, shape, alphabet, fields })!,
    ),
  ];
}
