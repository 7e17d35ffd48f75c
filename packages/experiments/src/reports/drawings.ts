import type { ReportNotes } from '@elbo/report';
import { drawnFrom } from '../config/row_form.js';
import { isImages } from '../use/parts.js';
import { latentSvg, reconstructionsPng } from '../use/pictures.js';
import { samplesPng } from '../use/samples.js';
import { rowsInWords } from './rows_in_words.js';
import type { Shown } from './shown.js';

/** Pictures of a run, as its notes name them. */
export type Drawings = Pick<ReportNotes, 'images' | 'rows' | 'latent'>;

/** Draws samples, reconstructions and the latent map into a run, as far as the model and its data have any. */
export async function draw(shown: Shown): Promise<Drawings> {
  const { run, model, params, step, test, seed } = shown;
  const images: ReportNotes['images'][number][] = [];
  if (isImages(test.shape)) {
    const samples = await samplesPng(model, params, drawnFrom(test), {
      seed,
      count: 100,
      columns: 10,
    });
    await run.files.write('samples.png', samples);
    images.push({
      title: 'Samples',
      file: 'samples.png',
      caption: `Means of p(x|z) at 100 draws of z from the prior, as of step ${step}.`,
    });
    if (model.encoder) {
      const pairs = await reconstructionsPng(model, params, test, { seed, count: 40 });
      await run.files.write('reconstructions.png', pairs);
      images.push({
        title: 'Reconstructions',
        file: 'reconstructions.png',
        caption: `Test rows above, the mean of p(x|z) at one draw of z from q(z|x) below each, as of step ${step}.`,
      });
    }
  }
  const rows = await rowsInWords(shown);
  const drawings = { images, ...(rows.length > 0 && { rows }) };
  if (!model.encoder || model.prior.dim < 2) return drawings;
  const latent = 'latent.svg';
  const map = await latentSvg(model, params, test, { seed, count: 2000, step });
  await run.files.write(latent, new TextEncoder().encode(map));
  return { ...drawings, latent };
}
