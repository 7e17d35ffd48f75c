// Text from outside steers no terminal: neither what is said, nor results for programs, nor errors.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { processOutput } from '../src/output.js';
import { call } from './call.js';

/** An escape code, its 8-bit form, a word that is written from right to left, and a bell. */
const hostile = '\u001b]0;mine\u0007 \u009b31m \u202egpj.exe';
// eslint-disable-next-line no-control-regex
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test.each([false, true])('what a command says is written out, json: %s', (json) => {
  let written = '';
  const write = (chunk: unknown): boolean => {
    written += String(chunk);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(write),
  );
  try {
    const output = processOutput(json);
    output.line(`two\n${hostile}`);
    output.result({ [hostile]: hostile });
    output.note(hostile);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  expect(written).not.toMatch(steering);
  if (json) expect(JSON.parse(written.split('\n')[0]!)).toEqual({ [hostile]: hostile });
  else expect(written).toContain('two\n\\u{1b}]0;mine\\u{7} \\u{9b}31m \\u{202e}gpj.exe\n');
});

test('errors quote a hostile configuration, and the names of commands and paths, written out', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'elbo-terminal-'));
  try {
    const path = join(dir, 'hybrid.json');
    const data = { train: { kind: 'four-pixels' } };
    const training = { steps: 1, batchSize: 1, seed: 0, primal: { kind: 'adam' } };
    const cases: readonly (readonly [object, readonly string[]])[] = [
      [{ model: { kind: hostile }, data, training }, ['train', '--config', path]],
      [
        { model: { kind: 'vae' }, data: { train: { kind: 'file', source: hostile } }, training },
        ['train', '--config', path],
      ],
      [{ [hostile]: 1 }, ['train', '--config', path]],
      [{}, [hostile]],
      [{}, ['evaluate', `${dir}/${hostile}`]],
    ];
    for (const [config, argv] of cases) {
      await writeFile(path, JSON.stringify(config));
      const { status, stderr } = await call(argv);
      expect(status).not.toBe(0);
      expect(stderr).not.toMatch(steering);
      expect(stderr).not.toBe('');
    }
    // A byte-order mark is no part of a file.
    await writeFile(path, `\ufeff${JSON.stringify({ data, training })}`);
    expect((await call(['train', '--config', path])).stderr).toMatch(/'model' should be/);
  } finally {
    await rm(dir, { recursive: true });
  }
});
