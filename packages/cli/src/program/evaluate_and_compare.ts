import type { Command } from 'commander';
import { compareCommand, type CompareFlags } from '../commands/compare.js';
import { evaluateCommand, type EvaluateFlags } from '../commands/evaluate.js';
import { reportCommand } from '../commands/report.js';
import {
  backend,
  checkpoint,
  dataDir,
  examples,
  json,
  plugin,
  seed,
  whole,
  type Run,
  threads,
} from './options.js';

/** The commands that evaluate, compare and report runs. */
export function addJudging(program: Command, run: Run): void {
  program
    .command('evaluate')
    .description(
      "Evaluate a trained model on held-out rows, by one or more metrics: elbo, the model's own bound, in nats; costs, those of its terms; nll, the negative log-likelihood by importance sampling from a proposal that is fitted to each row; ais, the log-likelihood by annealing; bdmc, how much ais can miss, on rows that the model made; codes, how much z says about x; probe, how well codes separate classes; factors, how well their coordinates match known factors; collapse, signs of collapse; diagnosis, whether an adversary's ELBO can be believed; samples, how close samples are to data, by the features of a small classifier that is trained once; ood, how well scores tell other data from the model's own. The results are saved in the run and shown in its report.",
    )
    .summary('evaluate a trained model on held-out rows')
    .argument('<run>', 'a run directory')
    .option(
      '--metric <names>',
      'elbo, costs, nll, ais, bdmc, codes, probe, factors, collapse, diagnosis, samples or ood, several separated by commas (default: elbo, or costs if the model has no ELBO)',
    )
    .option(
      '--rows <n>',
      'how many held-out rows (default: all for elbo and costs, 100 for nll, 20 for ais and bdmc, 200 for diagnosis, 400 for ood, 500 for collapse, 1000 for codes, probe and samples, 5000 for factors)',
      whole(1),
    )
    .option(
      '--samples <n>',
      'importance samples for each row (default: 4000 for nll, 2000 for diagnosis, 100 for ood)',
      whole(1),
    )
    .option('--against <name|path>', 'for ood: other data, whose rows have the same shape')
    .option('--chains <n>', 'annealed chains for each row', whole(1), 16)
    .option('--temperatures <n>', 'steps of annealing', whole(1), 500)
    .option(
      '--fit-steps <n>',
      'for diagnosis: training steps of each fresh discriminator (default: 2000)',
      whole(2),
    )
    .addHelpText(
      'after',
      examples(
        'elbo evaluate runs/avb-strokes --metric elbo,nll --json',
        'elbo evaluate runs/avb-mnist --metric ood --against fashion-mnist',
      ),
    )
    .addOption(checkpoint())
    .addOption(seed().default(0))
    .addOption(dataDir())
    .addOption(plugin())
    .addOption(backend())
    .addOption(threads())
    .addOption(json())
    .action((dir: string, flags: EvaluateFlags) =>
      run((output, known) => evaluateCommand(dir, flags, output, known))(),
    );

  program
    .command('compare')
    .description(
      'Compare runs from their files: how their configurations differ, the figures of their reports, their evaluations, and, if two were evaluated on the same rows, the mean difference with its standard error.',
    )
    .summary('compare runs')
    .argument('<runs...>', 'two or more run directories; the others are compared with the first')
    .option('--out <file>', 'also write an HTML page, with overlaid curves and samples')
    .addHelpText(
      'after',
      examples(
        'elbo evaluate runs/vae-strokes --metric nll && elbo evaluate runs/avb-strokes --metric nll',
        'elbo compare runs/vae-strokes runs/avb-strokes --out compare.html',
      ),
    )
    .addOption(json())
    .action((dirs: readonly string[], flags: CompareFlags) =>
      run((output) => compareCommand(dirs, flags, output))(),
    );

  program
    .command('report')
    .description("Rebuild a run's report from the files in its directory.")
    .summary("rebuild the report from the run's files")
    .argument('<run>', 'a run directory')
    .addHelpText('after', examples('elbo report runs/avb-strokes'))
    .addOption(json())
    .action((dir: string) => run((output) => reportCommand(dir, output))());
}
