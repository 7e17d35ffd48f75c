import { InvalidArgumentError, Option, type Command } from 'commander';
import { embedCommand, type EmbedFlags } from '../commands/embed.js';
import { interpolateCommand, type InterpolateFlags } from '../commands/interpolate.js';
import { sampleCommand, type SampleFlags } from '../commands/sample.js';
import { scoreCommand, type ScoreFlags } from '../commands/score.js';
import {
  backend,
  checkpoint,
  dataDir,
  examples,
  json,
  plugin,
  seed,
  share,
  whole,
  type Run,
  threads,
} from './options.js';

const what = (about: string): Option =>
  new Option('--what <what>', about).choices(['means', 'draws']);

/** Rows by their numbers. */
function rowNumbers(text: string): readonly number[] {
  const rows = text.split(',').map(Number);
  if (rows.length < 2 || !rows.every((row) => Number.isSafeInteger(row) && row >= 0))
    throw new InvalidArgumentError('Give the numbers of two or more rows: 3,17.');
  return rows;
}

/** The commands that give values of a model: samples, codes, scores. */
export function addValues(program: Command, run: Run): void {
  const command = (name: string, about: string, summary: string, ...shown: string[]): Command =>
    program
      .command(name)
      .description(about)
      .summary(summary)
      .argument('<run>', 'a run directory')
      .addHelpText('after', examples(...shown))
      .addOption(seed().default(0))
      .addOption(checkpoint())
      .addOption(dataDir())
      .addOption(plugin())
      .addOption(backend())
      .addOption(threads())
      .addOption(json());

  command(
    'sample',
    'Sample a trained model, at draws of z from the prior: images as a PNG in the run directory, texts, tables and points as CSV, in their own units and words.',
    'sample a trained model',
    'elbo sample runs/avb-strokes --count 100 --out samples.png',
    'elbo sample runs/vae-words --count 1000 --out words.csv',
  )
    .option('--count <n>', 'how many', whole(1), 64)
    .option(
      '--class <n>',
      'for a model conditioned on labels: the class of all samples (default: the classes in turn)',
      whole(0),
    )
    .addOption(
      what('means of p(x|z) or draws from it (default: means of images, draws of anything else)'),
    )
    .option(
      '--out <path>',
      'where to write instead: a .png, .csv or .npy file, or a new folder, for single PNG files',
    )
    .action((dir: string, flags: SampleFlags) =>
      run((output, known) => sampleCommand(dir, flags, output, known))(),
    );

  command(
    'embed',
    'Write the codes of rows, with their labels, as CSV in the run directory or as a NumPy file.',
    'write the codes of rows',
    'elbo embed runs/vae-strokes --out codes.npy',
    'elbo embed runs/vae-strokes --data ./more-images --what draws',
  )
    .addOption(what('for each row the mean of q(z|x), or a draw from it').default('means'))
    .addOption(
      new Option('--split <name>', "which of the run's own rows")
        .choices(['train', 'validation', 'test'])
        .default('test'),
    )
    .option('--data <name|path>', 'other data, with rows of the same shape')
    .option('--rows <n>', 'the first rows only (default: all)', whole(1))
    .option('--out <file>', 'the .csv or .npy file to write instead; labels go beside a .npy')
    .action((dir: string, flags: EmbedFlags) =>
      run((output, known) => embedCommand(dir, flags, output, known))(),
    );

  command(
    'interpolate',
    "Draw the way from one held-out row's code to the next: a PNG in the run directory, with a line of images for each pair.",
    'draw the way from one row to another',
    'elbo interpolate runs/vae-strokes --rows 3,17 --steps 12 --path sphere',
  )
    .requiredOption('--rows <a,b>', 'the numbers of two or more held-out rows', rowNumbers)
    .option('--steps <n>', 'images in each line, including its ends', whole(2), 10)
    .addOption(
      new Option('--path <path>', 'straight lines, or arcs around the origin')
        .choices(['straight', 'sphere'])
        .default('straight'),
    )
    .option('--out <file>', 'the .png, .csv or .npy file to write instead')
    .action((dir: string, flags: InterpolateFlags) =>
      run((output, known) => interpolateCommand(dir, flags, output, known))(),
    );

  command(
    'score',
    "Score how unusual rows are, as CSV in the run directory: the model's −ELBO or −log p(x) in nats, with conformal p-values. The validation rows define what is usual, so that at most a share --level of normal rows has p ≤ --level; the share among test rows is shown for comparison.",
    'score how unusual rows are',
    'elbo score runs/vae-strokes --data ./new-images --out scores.csv',
  )
    .option('--data <name|path>', 'the rows to score, of the same shape (default: the test rows)')
    .addOption(
      new Option(
        '--by <score>',
        'elbo: −ELBO; likelihood: −log p(x) by importance sampling (default: elbo if the model has one)',
      ).choices(['elbo', 'likelihood']),
    )
    .option('--level <share>', 'the share of normal rows that may be called unusual', share, 0.05)
    .option('--rows <n>', 'the first rows of each set only (default: all)', whole(1))
    .option('--out <file>', 'the .csv file to write instead')
    .action((dir: string, flags: ScoreFlags) =>
      run((output, known) => scoreCommand(dir, flags, output, known))(),
    );
}
