// A process of the tests: it writes what became of each into the file named by the first argument; the third is a text
// that their names must hold.
import { writeFileSync } from 'node:fs';
import { execute } from './execute.mjs';

const [, , results, , only = ''] = process.argv;
writeFileSync(results, JSON.stringify(await execute(only)));
// Some tests leave timers behind.
process.exit(0);
