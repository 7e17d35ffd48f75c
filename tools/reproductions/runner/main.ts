import { studies } from '../studies/index.js';
import { readFlags, readLine, UsageError } from './command_line.js';
import type { Host } from './host.js';
import { night, nightFlags } from './night.js';
import { writePages } from './pages.js';
import { reproduce } from './reproduce.js';

async function list(): Promise<void> {
  for (const [name, load] of Object.entries(studies))
    console.log(`${name.padEnd(20)} ${(await load()).summary}`);
  console.log(
    `${'all'.padEnd(20)} all of them, over night: a method and a seed at a time, two at once; [--studies gan,aae] [--at-once 2]`,
  );
  console.log(`${'pages'.padEnd(20)} nothing is run: the page anew from the numbers that are kept`);
}

/** A signal that the process is asked to stop. */
function stopped(): AbortSignal {
  const controller = new AbortController();
  for (const kind of ['SIGINT', 'SIGTERM'])
    process.once(kind, () => {
      controller.abort(new Error(`stopped by ${kind}`));
    });
  return controller.signal;
}

/** `npm run reproduce -- [NAME | all | pages] [--seeds 0,1,2] [--part] [--json] [FLAGS OF THE STUDY]`; resolves to the exit status. */
export async function main(args: readonly string[], host: Host): Promise<number> {
  try {
    const line = readLine(args);
    switch (line.name) {
      case undefined:
        await list();
        return 0;
      case 'all':
        return await night(readFlags(line.rest, nightFlags), host, stopped());
      case 'pages':
        await writePages(host);
        return 0;
      default:
        return await reproduce(line.name, line, host, stopped());
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return 2;
  }
}
