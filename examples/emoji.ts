// Colour images of 64×64: samples, the ways between images, and a category that the model never saw, found by its score.
import { auroc } from '@elbo/evaluation';
import {
  interpolation,
  knownWith,
  loadRunWithData,
  otherRows,
  quiet,
  resolveRecipe,
  samples,
  scores,
  trainResolved,
  valuesPng,
} from '@elbo/experiments';
import { key } from '@elbo/random';
import type { Dataset } from '@elbo/datasets';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { fileOfPackage } from './lib/npm_data.ts';
import { numbers } from './lib/options.ts';

const { steps, each, latent, side } = numbers({ steps: 4000, each: 10_000, latent: 64, side: 64 });

/** Emoji of Google's Noto (images Apache-2.0), 64×64 with alpha, by category: each as often as there are skin tones of it. */
const emoji = { name: 'emoji-datasource-google', version: '16.0.0' };
/** No flag is seen in training. */
const unseen = 'Flags';
const folder = join('runs', 'data', `emoji-${each}`);

interface Emoji {
  readonly category: string;
  readonly image: string;
  readonly has_img_google: boolean;
  readonly skin_variations?: Readonly<
    Record<string, { readonly image: string; readonly has_img_google: boolean }>
  >;
}

/** Puts the images into a folder for each category, as `--data` reads them; those of flags beside the others. */
async function arranged(): Promise<{ readonly seen: string; readonly flags: string }> {
  const list = await fileOfPackage(emoji.name, emoji.version, 'emoji.json');
  const images = join(list, '..', 'img', 'google', '64');
  const counts: Record<string, number> = {};
  for (const one of JSON.parse(await readFile(list, 'utf8')) as Emoji[])
    for (const { image, has_img_google } of [one, ...Object.values(one.skin_variations ?? {})]) {
      if (!has_img_google || (counts[one.category] ?? 0) >= each) continue;
      counts[one.category] = (counts[one.category] ?? 0) + 1;
      const to = join(folder, one.category === unseen ? 'unseen' : 'seen', one.category);
      await mkdir(to, { recursive: true });
      await copyFile(join(images, image), join(to, image));
    }
  console.log(
    Object.entries(counts)
      .map(([category, count]) => `${category} ${count}`)
      .join(', '),
  );
  return { seen: join(folder, 'seen'), flags: join(folder, 'unseen') };
}

const { seen, flags } = await arranged();
const host = {
  ...quiet,
  note: (text: string) => {
    console.log(text);
  },
};
const known = knownWith({});
const request = {
  model: 'vae',
  data: seen,
  reading: { size: [side, side] as const },
  steps,
  batchSize: 64,
  seed: 1,
  options: { latent },
};
const resolution = await resolveRecipe(request, known, host);
const { run: dir } = await trainResolved(resolution, {}, known, {
  ...host,
  reported: (_, says) => {
    console.log(says);
  },
});

const run = await loadRunWithData(dir);
const drawing = { ...run, load: () => Promise.resolve(run.sets) };
const write = async (file: string, bytes: Uint8Array): Promise<void> => {
  await writeFile(join(dir, file), bytes);
  console.log(join(dir, file));
};
await write('samples-100.png', valuesPng(await samples(run, { count: 100, seed: 1 }), 10));
const rows = [0, 7, 14, 21, 28, 35].filter((row) => row < run.sets.test.size);
const between = { rows, steps: 10, path: 'sphere', seed: 1 } as const;
await write('between.png', valuesPng(await interpolation(drawing, between), 10));

// Flags against images of the categories that it knows, which it did not see either.
const strange = await otherRows(run, 'flags', flags, host);
const asked = await scores(run, strange, { seed: 1 }, quiet);
const usual = await scores(run, undefined, { seed: 1 }, quiet);
const { mean, error } = auroc(usual.scores, asked.scores);
console.log(
  `${unseen} by −ELBO: AUROC ${mean.toFixed(3)} ± ${error.toFixed(3)} (one standard error)`,
);
console.log(
  `At ${100 * asked.level} % false alarms promised: ${(100 * asked.falseAlarms.mean).toFixed(1)} % measured, ${(100 * asked.unusual).toFixed(1)} % of ${unseen} called unusual`,
);
const pixels = run.sets.test.shape.reduce((product, side) => product * side, 1);
const bits = (values: Float64Array): string =>
  (values.reduce((sum, value) => sum + value, 0) / values.length / pixels / Math.LN2).toFixed(3);
console.log(
  `Bits per dimension, at most: ${bits(usual.scores)} of known categories, ${bits(asked.scores)} of ${unseen}`,
);

/** How many bytes each image takes deflated: what is hard to compress is a simple sign of the strange. */
async function deflated(data: Dataset): Promise<Float64Array> {
  const all = Uint32Array.from({ length: data.size }, (_, row) => row);
  const { x } = await data.read(all, key(0));
  const bytes = Uint8Array.from(x, (value) => Math.round(255 * value));
  return Float64Array.from(
    all,
    (row) => deflateSync(bytes.subarray(row * pixels, (row + 1) * pixels)).length,
  );
}
const simple = auroc(await deflated(run.sets.test), await deflated(strange));
console.log(
  `${unseen} by the size of the deflated image: AUROC ${simple.mean.toFixed(3)} ± ${simple.error.toFixed(3)}`,
);
run.dispose();
