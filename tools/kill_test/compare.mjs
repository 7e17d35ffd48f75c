import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The lines of a run's metrics, without what depends on time. */
async function metricsOf(dir) {
  const text = await readFile(join(dir, 'metrics.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.stringify({ ...JSON.parse(line), rate: 0 }));
}

/** What of a run is other than of one that nobody disturbed: its checkpoints to the bit, metrics, configuration, report. */
export async function differences(dir, whole) {
  const wrong = [];
  const names = async (of) => (await readdir(join(of, 'checkpoints'))).sort();
  const [found, expected] = [await names(dir), await names(whole)];
  if (found.join() !== expected.join())
    wrong.push(`checkpoints ${found.join(', ')} for ${expected.join(', ')}`);
  for (const name of expected.filter((each) => found.includes(each))) {
    const path = join('checkpoints', name);
    if (!(await readFile(join(dir, path))).equals(await readFile(join(whole, path))))
      wrong.push(path);
  }
  const [lines, rights] = [await metricsOf(dir), await metricsOf(whole)];
  const at = rights.findIndex((line, i) => line !== lines[i]);
  if (at >= 0 || lines.length !== rights.length)
    wrong.push(
      `metrics.jsonl, line ${(at < 0 ? rights.length : at) + 1}: ${lines[at < 0 ? rights.length : at]} for ${rights[at]}`,
    );
  const config = async (of) => readFile(join(of, 'config.json'), 'utf8');
  if ((await config(dir)) !== (await config(whole))) wrong.push('config.json');
  if (!existsSync(join(dir, 'report.html'))) wrong.push('no report.html');
  return wrong;
}
