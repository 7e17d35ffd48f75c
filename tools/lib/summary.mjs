// The count at the end of a run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './workspace.mjs';

/** Where the closing line is kept, for a caller who has more to print before it. */
const file = join(scratch, 'summary.txt');

const line = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * Prints one line a target and the closing line `N passed, N failed, N skipped`, alone and last, and
 * returns the exit status. Something that should have run and did not, with nothing failed to explain it,
 * is a failure.
 */
export function summarise({ rows, status = 0 }) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  console.log();
  for (const row of rows) {
    for (const key of Object.keys(total)) total[key] += row[key];
    console.log(`  ${row.target.padEnd(10)} ${line(row)}`);
    for (const [label, names] of [
      ['failed', row.inFailed],
      ['not run', row.notRun],
      ['no tests', row.without],
    ])
      if (names.length > 0) console.log(`  ${' '.repeat(10)} ${label}: ${names.join(', ')}`);
  }
  const lost = rows.some(({ notRun }) => notRun.length > 0);
  if (total.failed === 0 && (lost || status !== 0)) {
    if (lost)
      console.log('\nNot everything ran: was the run stopped, or does git ignore a package?');
    total.failed = 1;
  }
  console.log(`\n${line(total)}`);
  mkdirSync(scratch, { recursive: true });
  writeFileSync(file, `${line(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}
