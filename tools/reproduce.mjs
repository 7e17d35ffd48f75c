// Reproduces a published result and records it in docs/reproductions.md:
//   npm run reproduce -- [NAME] [--seeds 0,1,2] [--part] [--json] [FLAGS OF THE STUDY]
// With --part what is found is kept for a later run and not recorded. `all` runs every study over night, `pages` writes the
// page anew from the numbers that are kept.
// A study is tools/reproductions/studies/NAME; what runs it is in tools/reproductions/runner.
import { describe, machine } from './lib/machine.mjs';
import { record } from './lib/record.mjs';
import { build } from './lib/tasks.mjs';
import { root, scratch } from './lib/workspace.mjs';

process.setSourceMapsEnabled(true);
// The night's processes come after a build of its own.
if (!process.env.ELBO_STUDIES_BUILT) await build();
const { main } = await import('@elbo/reproductions');
process.exitCode = await main(process.argv.slice(2), { root, scratch, machine, describe, record });
