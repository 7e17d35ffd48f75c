// Reproduces a published result and records it in docs/reproductions.md:
//   npm run reproduce -- [NAME] [--seeds 0,1,2] [--json] [FLAGS OF THE STUDY]
// A study is tools/reproductions/studies/NAME; what runs it is in tools/reproductions/runner.
import { describe, machine } from './lib/machine.mjs';
import { record } from './lib/record.mjs';
import { build } from './lib/tasks.mjs';
import { root, scratch } from './lib/workspace.mjs';

process.setSourceMapsEnabled(true);
await build();
const { main } = await import('@elbo/reproductions');
process.exitCode = await main(process.argv.slice(2), { root, scratch, machine, describe, record });
