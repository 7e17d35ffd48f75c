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

/** Files that hold times, or are compared by their lines. */
const notToTheBit = ['metrics.jsonl', 'report.html', 'report.json'];

/**
 * What of a run is other than of one that nobody disturbed: its checkpoints, configuration and pictures to the bit, its
 * metrics, and what files it has, so that a kill leaves nothing behind.
 */
export async function differences(dir, whole) {
  const wrong = [];
  for (const folder of ['', 'checkpoints']) {
    const names = async (of) => (await readdir(join(of, folder))).sort();
    const [found, expected] = [await names(dir), await names(whole)];
    if (found.join() !== expected.join())
      wrong.push(`${folder || 'files'} ${found.join(', ')} for ${expected.join(', ')}`);
    for (const name of expected.filter((each) => found.includes(each))) {
      const path = join(folder, name);
      if (path === 'checkpoints' || notToTheBit.includes(path)) continue;
      if (!(await readFile(join(dir, path))).equals(await readFile(join(whole, path))))
        wrong.push(path);
    }
  }
  const [lines, rights] = [await metricsOf(dir), await metricsOf(whole)];
  const at = rights.findIndex((line, i) => line !== lines[i]);
  if (at >= 0 || lines.length !== rights.length)
    wrong.push(
      `metrics.jsonl, line ${(at < 0 ? rights.length : at) + 1}: ${lines[at < 0 ? rights.length : at]} for ${rights[at]}`,
    );
  return wrong;
}
