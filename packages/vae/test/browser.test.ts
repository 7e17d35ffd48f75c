import { selectBackend } from '@elbo/backends';
import { hasChromium, servePage } from '@elbo/testing/pages';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { elbos } from './run.js';

if (!hasChromium) console.warn('No Chromium: training is NOT tested in a browser.');

interface PageGlobals {
  elbo: { elbos(): Promise<{ acceleration?: object; values: number[] }> };
}

test.skipIf(!hasChromium)('a run in a page has the losses of the same run in Node', async () => {
  const served = await servePage(join(import.meta.dirname, 'page.ts'));
  try {
    const page = await served.open('plain');
    const { acceleration, values } = await page.evaluate(() =>
      (globalThis as unknown as PageGlobals).elbo.elbos(),
    );
    expect(acceleration).toBeDefined();
    await selectBackend({ backend: 'wasm' });
    const here = await elbos();
    expect(values).toHaveLength(here.length);
    // The page may have relaxed SIMD, which rounds a multiply-add once instead of twice.
    here.forEach((value, i) => {
      expect(Math.abs(values[i]! - value) / Math.abs(value)).toBeLessThan(1e-5);
    });
  } finally {
    await served.close();
  }
});
