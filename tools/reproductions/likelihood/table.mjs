// The result as a page's section.
import { estimateOf } from '@elbo/evaluation';
import { mean } from '../../lib/spread.mjs';

const show = (value, digits = 2) => value.toFixed(digits).replace('-', '−');
const showEstimate = (values) => {
  const { mean: middle, error } = estimateOf(values);
  return `${show(middle)} ± ${show(error)}`;
};
const line = (cells) => `| ${cells.join(' | ')} |`;
const tableOf = (head, body) => [line(head), line(head.map(() => '---')), ...body.map(line)];

/** Rows of a − b, on the images that both were measured on. */
const paired = (a, b) => a.slice(0, b.length).map((value, i) => value - b[i]);

/** What a model's ELBO is, without the discriminator it was trained with. */
const elboOf = ({ elbo, doctor }) => (doctor ? (doctor.bounds?.lower ?? doctor.refit.rows) : elbo);

/** The differences that are claimed, of one latent dimension. */
export function comparisons(results) {
  const of = (name) => results.find((result) => result.name === name);
  const made = [];
  const add = (what, a, b, required, holds) => {
    const difference = estimateOf(paired(a, b));
    made.push({ what, ...difference, required, holds: holds(difference) });
  };
  const [vae, best, iwae, short] = ['vae', 'avb-anchored', 'iwae-half', 'vae-half'].map(of);
  if (vae && best) {
    const surely = ({ mean: d, error }) => d - 1.96 * error > 0;
    const [ofBestMany, ofVaeMany] = [best.elboOfMany, vae.elboOfMany];
    add('ELBO of anchored AVB, from below, over VAE', ofBestMany, ofVaeMany, '> 0 surely', surely);
    const notLower = ({ mean: d }) => d >= -0.3;
    const [ofBest, ofVae] = [best, vae].map((of) => (of.aisOfMany || of.ais).values);
    add('log p(x) of anchored AVB over VAE, AIS', ofBest, ofVae, '≥ −0.3', notLower);
    add(
      'log p(x) of anchored AVB over VAE, IS',
      best.importance.values,
      vae.importance.values,
      '',
      () => true,
    );
  }
  const slow = of('vae-long');
  if (slow && best) {
    const told = () => true;
    add(
      'ELBO of anchored AVB over the VAE of equal time',
      best.elboOfMany,
      slow.elboOfMany,
      '',
      told,
    );
  }
  if (iwae && short) {
    const enough = ({ mean: d }) => d >= 1;
    add('log p(x) of IWAE over VAE, AIS', iwae.ais.values, short.ais.values, '≥ 1', enough);
    add(
      'log p(x) of IWAE over VAE, IS',
      iwae.importance.values,
      short.importance.values,
      '',
      () => true,
    );
  }
  return made;
}

function models(results) {
  return tableOf(
    [
      'model',
      'steps',
      'ELBO by its own terms',
      'ELBO without the trained T',
      'log p(x), IS',
      'effective samples',
      'log p(x), AIS',
      'acceptance',
      'core seconds',
    ],
    results.map((result) => [
      result.name,
      String(result.steps),
      showEstimate(result.elbo),
      result.doctor ? `${showEstimate(elboOf(result))}` : 'the same',
      showEstimate(result.importance.values),
      show(result.importance.effective, 1),
      showEstimate(result.ais.values),
      show(result.ais.acceptance),
      String(Math.round(result.coreSeconds)),
    ]),
  );
}

function verdicts(results) {
  const judged = results.filter(({ doctor }) => doctor);
  return tableOf(
    [
      'model',
      'verdict',
      'accuracy of T',
      'ELBO by T',
      'by fresh discriminators',
      'interval',
      'bounds without discriminators',
      'slope of T over T*: normal, two bumps, half a normal',
    ],
    judged.map(({ name, elbo, doctor }) => [
      name,
      doctor.verdict,
      show(doctor.accuracy),
      show(mean(elbo)),
      show(doctor.refit.elbo.mean),
      doctor.refit.interval.map((value) => show(value)).join(' to '),
      doctor.bounds
        ? [doctor.bounds.lower, doctor.bounds.upper].map((of) => show(mean(of))).join(' to ')
        : '',
      ['normal', 'twoBumps', 'halfNormal']
        .map((shape) => show(doctor.refit.probes[shape].slope))
        .join(', '),
    ]),
  );
}

/** What ELBOs fall short of log p(x) by, on the images that were annealed. */
function gaps(results) {
  const known = results.filter(({ local }) => local);
  if (known.length === 0) return [];
  const lines = known.map((result) => {
    const ais = result.ais.values;
    const { diagonal, full } = result.local;
    const own = elboOf(result).slice(0, ais.length);
    return [
      result.name,
      showEstimate(paired(ais, full)),
      showEstimate(paired(ais, diagonal)),
      showEstimate(paired(diagonal, own)),
      showEstimate(paired(ais, own)),
    ];
  });
  return [
    '',
    ...tableOf(
      [
        'what is missing to log p(x), AIS',
        'for the best normal of each image',
        'for the best factorised one',
        'from there to the encoder',
        'in all',
      ],
      lines,
    ),
  ];
}

export function markdown({ byLatent, pictures, steps }) {
  const sections = byLatent.flatMap(({ latent, results }) => [
    `### ${latent} latent dimensions`,
    '',
    ...models(results),
    '',
    ...verdicts(results),
    ...gaps(results),
    '',
    ...tableOf(
      ['on the same images', 'difference', '', 'must be'],
      comparisons(results).map(({ what, mean: middle, error, required, holds }) => [
        what,
        `**${show(middle)} ± ${show(error)}**`,
        required === '' ? '' : holds ? 'holds' : 'MISSED',
        required,
      ]),
    ),
    '',
  ]);
  return [
    '## What a posterior is worth on binarised MNIST',
    '',
    `Networks of 784-200-200 and back, batches of 128, ${steps} steps; 60,000 training images binarised afresh at every read, test images binarised once. Nats, ± one standard error over images: ELBO and importance sampling (2,000 samples, from the posterior or a widened normal) on the first 500 test images, annealed importance sampling (4 chains, 400 temperatures, from a widened normal) on the first 100; AVB and VAE are compared by their ELBOs on the first 5,000, by annealing, with 8 dimensions, on the first 300. IWAE has 50 samples, and half of the steps, as has the VAE that it is compared with. The flow is two steps of an inverse autoregressive one. The long VAE has 2.5 times the steps, about the time of the anchored AVB. Plain AVB contrasts z with the prior’s, adaptive its standardised z with noise; anchored is a normal bent one-to-one, so that Jacobians and inverses bound its ELBO from both sides: the lower bound is its figure here, of the others what discriminators that were fitted afresh say. What IWAE’s own terms give is its bound of 50 samples.`,
    '',
    ...sections,
    ...pictures,
  ].join('\n');
}
