import { selectBackend } from '@elbo/backends';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fuzz, type Outcome } from './fuzz/fuzz.js';
import { readersIn } from './fuzz/readers.js';

// A few seconds' worth; `npm run fuzz` asks for more.
const inputs = Number(process.env.ELBO_FUZZ_INPUTS ?? 4000);
const seed = Number(process.env.ELBO_FUZZ_SEED ?? 1);
const only = process.env.ELBO_FUZZ_READER;
/** No input holds so much or grows so far that more is needed; most of it is garbage that was not yet collected. */
const mostBytes = 2 ** 30;

const folder = await mkdtemp(join(tmpdir(), 'elbo-fuzz-'));
const readers = readersIn(folder).filter(({ name }) => only === undefined || name === only);
const total = readers.reduce((sum, { share }) => sum + share, 0);
const outcomes: Outcome[] = [];

beforeAll(async () => {
  vi.stubEnv('XDG_CACHE_HOME', folder);
  await selectBackend({ backend: 'cpu' });
  await writeFile(join(folder, 'metrics.jsonl'), '');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
  const to = process.env.ELBO_FUZZ_OUT;
  if (to !== undefined) await writeFile(to, JSON.stringify(outcomes));
});

test.each(readers)(
  'whatever is fed to it, $name reads it or says what is wrong',
  { timeout: 24 * 3600_000 },
  async (reader) => {
    for (const bytes of reader.seeds) await reader.read(bytes);
    const outcome = await fuzz(reader, Math.ceil((inputs * reader.share) / total), seed);
    outcomes.push(outcome);
    expect(outcome.faults).toEqual([]);
    expect(outcome.grown).toBeLessThan(mostBytes);
  },
);
