// A program that holds a folder, counts in one in turn, or writes more than it may; `lease.test.ts` bundles and starts it.
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { appender } from '../src/appender.js';
import { inTurn, takeLease } from '../src/lease.js';
import { writeWhole } from '../src/write_whole.js';

const [mode, dir] = process.argv.slice(2) as [string, string];

if (mode === 'hold') {
  try {
    await takeLease(dir, 'run');
    process.stdout.write('held\n');
  } catch (thrown) {
    process.stdout.write(`${(thrown as Error).message}\n`);
  }
  process.stdin.resume();
} else if (mode === 'overflow') {
  const long = 'x'.repeat(1_000_000);
  for (const write of [
    () => writeWhole(join(dir, 'picture.png'), long),
    () => appender(join(dir, 'log'), 'line\n').append(long),
  ])
    await write().catch((thrown: unknown) => {
      console.log((thrown as Error).message);
    });
} else {
  const counted = join(dir, 'counted');
  await mkdir(counted, { recursive: true });
  for (let i = 0; i < 10; i++)
    await inTurn(dir, 'count', async () => {
      const [name = '0'] = await readdir(counted);
      if (name === '0') await mkdir(join(counted, '1'));
      else await rename(join(counted, name), join(counted, String(Number(name) + 1)));
    });
}
