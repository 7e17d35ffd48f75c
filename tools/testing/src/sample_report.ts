import { fold, integers, key, normal, uniform, type Key } from '@elbo/random';
import { grid, pairGrid, scatterSvg, type MetricsLine, type ReportData } from '@elbo/report';

const side = 28;

/** Loops of a class-dependent shape, drawn softly: pictures to arrange, not data. */
function drawings(seed: Key, count: number, blur: number): Float32Array {
  const classes = integers(fold(seed, 'class'), count, 10);
  const wobble = normal(fold(seed, 'wobble'), count * 4);
  const images = new Float32Array(count * side * side);
  for (let i = 0; i < count; i++) {
    const [a, b, c, d] = wobble.subarray(4 * i, 4 * i + 4);
    for (let t = 0; t < 400; t++) {
      const turn = (t / 400) * 2 * Math.PI;
      const x = 14 + 7.5 * Math.sin(turn * (1 + (classes[i]! % 3)) + 0.4 * a!) + 0.8 * c!;
      const y = 14 + 8.5 * Math.cos(turn * (1 + (classes[i]! % 2)) + 0.4 * b!) + 0.8 * d!;
      for (let v = Math.floor(y) - 2; v <= y + 2; v++)
        for (let u = Math.floor(x) - 2; u <= x + 2; u++) {
          if (u < 0 || v < 0 || u >= side || v >= side) continue;
          const at = (i * side + v) * side + u;
          const ink = Math.exp(-((u - x) ** 2 + (v - y) ** 2) / blur);
          images[at] = Math.max(images[at]!, ink);
        }
    }
  }
  return images;
}

/** Curves as training makes them: quick at first, noisy, with validation every tenth report. */
function sampleMetrics(reports = 200): readonly MetricsLine[] {
  const noise = normal(key(3), reports * 6);
  return Array.from({ length: reports }, (_, i) => {
    const step = (i + 1) * 100;
    const [a, b, c, d, e, f] = noise.subarray(6 * i, 6 * i + 6) as unknown as number[];
    const reconstruction = 72 + 380 * Math.exp(-step / 350) + 22 * Math.exp(-step / 5000);
    const kl = 24.5 * (1 - Math.exp(-step / 900));
    const training: MetricsLine = {
      step,
      split: 'training',
      elbo: -(reconstruction + kl) + 1.2 * a!,
      reconstruction: reconstruction + 1.1 * b!,
      kl: i === 40 ? null : kl + 0.5 * c!,
      'kl/loss': 0.42 + 0.9 * Math.exp(-step / 1500) + 0.03 * d!,
      'kl/accuracy': 0.9 - 0.35 * Math.exp(-step / 1200) + 0.015 * e!,
      'gradient norm': 40 * Math.exp(-step / 2000) + 9 + f! ** 2,
      rate: 31 + e!,
    };
    const validation: MetricsLine = {
      step,
      split: 'validation',
      elbo: -(reconstruction + kl) - 2.4 - step / 12_000,
      reconstruction: reconstruction + 2 + step / 12_000,
      kl: kl + 0.4,
      'kl/loss': 0.46 + 0.9 * Math.exp(-step / 1500),
      'kl/accuracy': 0.88 - 0.35 * Math.exp(-step / 1200),
      'kl/calibration': 0.03 + 0.2 * Math.exp(-step / 1000),
    };
    return i % 10 === 9 ? [training, validation] : [training];
  }).flat();
}

function latentMap(dims: number): string {
  const count = 2000;
  const labels = integers(fold(key(5), 'label'), count, 10);
  const points = normal(key(6), count * dims).map((value, i) => {
    const label = labels[Math.floor(i / dims)]!;
    return 0.36 * value + 2 * Math.sin(label * 0.628 * (1 + (i % dims)) + (i % dims));
  });
  return scatterSvg({ points, dims, labels, title: 'Means of q(z|x), 2,000 validation images' });
}

/** A report with everything in it. */
export function sampleReport({ dims = 2 }: { readonly dims?: number } = {}): ReportData {
  const shape = [side, side, 1];
  const originals = drawings(key(1), 30, 1.1);
  const reconstructions = drawings(key(1), 30, 2.2).map(
    (value, i) => value * (0.85 + 0.15 * uniform(fold(key(9), i), 1)[0]!),
  );
  return {
    title: 'AVB on strokes',
    status: 'finished',
    command: 'elbo train avb --data strokes --steps 20000 --seed 7 --out runs/strokes-avb',
    config: {
      model: {
        kind: 'avb',
        latents: 8,
        encoder: { kind: 'implicit', noise: 32, units: [256, 256] },
        decoder: { kind: 'bernoulli', units: [256, 256] },
        discriminator: { kind: 'residual', width: 128, blocks: 2 },
      },
      data: { kind: 'strokes', size: 60000, validation: 5000 },
      training: { steps: 20000, batchSize: 128, seed: 7, ema: 0.999, dualSteps: 2 },
    },
    headline: [
      {
        label: 'Validation ELBO',
        value: -98.147,
        unit: 'nats',
        note: 'best −97.92 at step 18,000',
      },
      { label: 'Log-likelihood', value: -96.713, unit: 'nats', note: '5,000 importance samples' },
      { label: 'Reconstruction', value: 73.92, unit: 'nats', note: 'per image, validation' },
      { label: 'KL(q(z|x) ‖ p(z))', value: 24.227, unit: 'nats', note: '7 of 8 dimensions active' },
    ],
    metrics: sampleMetrics(),
    images: [
      {
        title: 'Samples',
        png: grid(drawings(key(2), 40, 1.4), { count: 40, shape, columns: 8 }),
        caption: 'Means of p(x|z) at draws from the prior.',
      },
      {
        title: 'Reconstructions',
        png: pairGrid(originals, reconstructions, { count: 30, shape, columns: 10 }),
        caption: 'Each pair: a validation image above, its reconstruction below.',
      },
    ],
    latent: latentMap(dims),
    warnings: [
      'The reported ELBO exceeds the importance-sampled log-likelihood by 0.4 nat: the discriminator lags, so the ELBO is too optimistic. Give it more steps (dualSteps).',
    ],
    evaluations: [
      {
        metric: 'nll',
        title: 'Log-likelihood by importance sampling',
        options: { rows: 100, samples: 5000, seed: 0 },
        step: 20_000,
        rows: 100,
        seconds: 41.3,
        backend: 'wasm 4.22.0',
        versions: { elbo: '0.1.0' },
        figures: [
          {
            name: 'nll',
            label: '−log p(x)',
            value: 96.7134,
            error: 2.2431,
            unit: 'nats',
            note: 'Lower is better. In expectation an upper bound.',
          },
          { name: 'proposal', label: 'Proposal', value: 'widened normal' },
        ],
      },
    ],
    diagnostics: [
      {
        label: 'Held-out accuracy of T',
        value: 0.883,
        note: 'Training 0.897: the discriminator does not overfit.',
      },
      {
        label: 'Calibration error of T',
        value: 0.031,
        note: 'Its log-ratios can be read in nats.',
      },
      {
        label: 'Effective sample size',
        value: 412,
        note: 'Of 5,000 importance samples, median over 1,000 images.',
      },
    ],
    provenance: {
      seed: 7,
      steps: 20_000,
      seconds: 645.2,
      backend: 'wasm 4.22.0, 1 thread',
      versions: { '@elbo/cli': '0.1.0', '@tensorflow/tfjs-core': '4.22.0', Node: 'v20.20.0' },
    },
  };
}
