/** Words of `elbo train` that make runs tiny: a second or two. */
const tiny = (model, ...more) => [
  ...[
    'train',
    model,
    '--data',
    'four-pixels',
    '--batch-size',
    '16',
    '--seed',
    '3',
    '--steps',
    '20',
  ],
  ...['--set', 'latent=2', '--set', 'hidden=[16]', '--set', 'every=1', '--set', 'validateEvery=4'],
  ...['--set', 'checkpointEvery=3', '--backend', 'wasm', ...more],
];
const set = (...settings) => settings.flatMap((setting) => ['--set', setting]);

/**
 * Runs of many families and options. Each phase is a command; those after the first go on with the run, and `steps` are
 * the steps of the last.
 */
export const cases = [
  { name: 'avb', steps: 20, phases: [tiny('avb', ...set('features=16', 'ema=0.9'))] },
  { name: 'vae-patience', steps: 20, phases: [tiny('vae', ...set('patience=2'))] },
  { name: 'wvae-best', steps: 20, phases: [tiny('wvae', '--keep', 'best', ...set('watch=cost'))] },
  { name: 'vae-workers', steps: 20, phases: [tiny('vae', '--workers', '2', '--keep', 'best')] },
  {
    name: 'avb-legs',
    steps: 30,
    phases: [
      tiny('avb', '--keep', 'best', ...set('features=16', 'watch=reconstruction')),
      ['--steps', '30'],
    ],
  },
  { name: 'aae', steps: 20, phases: [tiny('aae', ...set('features=16'))] },
  {
    name: 'iwae-legs-early',
    steps: 30,
    phases: [
      tiny('iwae', ...set('patience=1', 'every=7')),
      ['--steps', '30', '--set', 'training.patience=3'],
    ],
  },
  { name: 'vae-seldom', steps: 20, phases: [tiny('vae', ...set('every=7', 'checkpointEvery=5'))] },
];
