import { formatMetrics } from '@elbo/experiments';
import { formatFigure } from '@elbo/report';
import { openRun, readNotes } from '@elbo/runs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call } from './call.js';
import { temporaryFolder } from './command.js';

/** The last report of a short run, as notes, as the words of its page, and as the command's last lines. */
async function reported(model: string) {
  const dir = join(await temporaryFolder(), 'run');
  const tiny = ['--data', 'four-pixels', '--steps', '2', '--batch-size', '8', '--seed', '3'];
  const sizes = ['--set', 'latent=2', '--set', 'hidden=[4]', '--backend', 'cpu'];
  const { status, stdout, stderr } = await call(['train', model, ...tiny, ...sizes, '--out', dir]);
  expect(stderr).not.toContain('elbo:');
  expect(status).toBe(0);
  const html = await readFile(join(dir, 'report.html'), 'utf8');
  const words = html.replace(/<(script|style)[\s>].*?<\/\1>/gs, '').replace(/<[^>]*>/g, ' ');
  return { notes: (await readNotes(await openRun(dir)))!, words, stdout };
}

test.each(['gan', 'wvae'])(
  'a %s has no ELBO, on its page or at the end of its command',
  async (model) => {
    const { notes, words, stdout } = await reported(model);
    expect(words).not.toMatch(/\bELBO\b|log p\(x\)\s|\bKL\(/);
    expect(stdout).not.toMatch(/\bELBO\b/);
    const labels = notes.diagnostics.map(({ label }) => label);
    const encodes = model === 'wvae';
    expect(labels.includes('Active units')).toBe(encodes);
    expect(labels.includes('Gain of a row’s own code')).toBe(encodes);
    expect(/dead encoder/i.test(words)).toBe(
      notes.warnings.some((warning) => warning.startsWith('Dead encoder')),
    );
    if (!encodes) expect(words).not.toMatch(/\bof (the )?encoder\b|q\(z/i);
    else
      expect(notes.diagnostics.find(({ label }) => label === 'Active units')!.value).toMatch(
        /^[012] of 2$/,
      );
  },
);

test('figures and the time that a page and the command name twice are the same', async () => {
  const { notes, words, stdout } = await reported('vae');
  const [, time] = /finished 2 steps in (.*)$/.exec(notes.status!)!;
  expect(words.replace(/\s+/g, ' ')).toContain(`Training time ${time} Backend`);
  for (const figure of notes.headline) expect(stdout).toContain(formatFigure(figure));
  // One sign for less than nothing.
  expect(notes.diagnostics.map(({ value }) => value).join(' ')).not.toMatch(/(^|\s)-\d/);
});

test('a small cost is not 0.00', () => {
  expect(formatMetrics({ cost: 37.31, mmd: 0.00048816 })).toBe('cost 37.31 mmd 0.00049');
  expect(formatMetrics({ elbo: -98.104, cost: 0 })).toBe('ELBO -98.10 cost 0.00');
});
