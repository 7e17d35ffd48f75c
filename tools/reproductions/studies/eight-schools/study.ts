// The posterior of the Eight Schools by AVB with adaptive contrast, beside normals, against the exact one.
//   npm run reproduce -- eight-schools [--seeds 0,1,2] [--json]
import { fold, key } from '@elbo/random';
import { fileStore } from '@elbo/files';
import { join } from 'node:path';
import { remembered } from '../../runner/remembered.js';
import { noneMissed, sayGates } from '../../common/gates.js';
import type { Context, Study } from '../../runner/study.js';
import { withTrained, type Trained } from '../../runner/trained.js';
import { adversarial } from './adversarial.js';
import { byDensity, byNeighbours, drawn, draws } from './divergence.js';
import { gatesOf } from './gates.js';
import { settings } from './models.js';
import { momentsOf } from './moments.js';
import { drawCurves, drawPairs, pairsOf, type Pair } from './picture.js';
import { exactDraws, quadrature, type Exact } from './posterior.js';
import type { Adversarial, Found, NormalFit, Result } from './result.js';
import { curvesFile, page, pairsFile } from './table.js';

/** Normals have several local optima; the best of as many starts counts. */
const starts = [0, 1, 2, 3];
const every = 250;

type NormalName = 'mean-field' | 'full-rank';

/** Trains a model and lends it to `use`; all of its checkpoints stay. */
function fitted<T>(
  name: keyof typeof settings,
  seed: number,
  context: Context,
  use: (trained: Trained) => Promise<T>,
): Promise<T> {
  const setting = settings[name]();
  const keep = setting.training.steps / every;
  return withTrained(name, setting, { ...context, seed, every, keep }, use);
}

/** The best normal of its kind. */
async function bestNormal(
  name: NormalName,
  { logEvidence }: Exact,
  context: Context,
): Promise<NormalFit> {
  const found = [];
  for (const start of starts)
    found.push(
      await fitted(name, start, context, (trained) =>
        remembered(trained.store, 'measured', async () => {
          const noise = fold(key(start), 'measure');
          const how = { key: noise, count: 1_000_000, signal: context.signal };
          const kl = await byDensity(trained, logEvidence, how);
          const { points } = await draws(trained, fold(noise, 'neighbours'), drawn);
          const control = byNeighbours(points, logEvidence);
          return { start, kl, control, coreSeconds: trained.coreSeconds };
        }),
      ),
    );
  const best = found.toSorted((a, b) => a.kl.mean - b.kl.mean)[0]!;
  context.log(`${name}: KL ${best.kl.mean.toFixed(4)} ± ${best.kl.error.toFixed(4)}`);
  return { ...best, all: found.map(({ kl }) => kl.mean) };
}

const flags = {};

export const eightSchools: Study<Result, typeof flags> = {
  summary: 'the posterior of a hierarchical model, by AVB, against the exact one',
  seeds: [0, 1, 2, 3, 4],
  flags,

  async run({ seeds, backend, ...context }) {
    const { out, log, signal } = context;
    const exact = quadrature();
    const points = exactDraws(key(0), drawn);
    const normals = {
      'mean-field': await bestNormal('mean-field', exact, context),
      'full-rank': await bestNormal('full-rank', exact, context),
    };
    const moments = await remembered(fileStore(join(out, 'moments')), 'moments', () => {
      log('Hamiltonian Monte Carlo');
      return fitted('full-rank', starts[0]!, context, (trained) =>
        momentsOf(trained, exact, exactDraws(key(1), 200_000), { key: key(2), signal }),
      );
    });
    const controls = {
      exact: byNeighbours(points, exact.logEvidence),
      'full-rank': normals['full-rank'].control,
    };
    const avb: Adversarial[] = [];
    let pairs: readonly Pair[] = [];
    for (const seed of seeds) {
      const made = await fitted('avb', seed, context, (trained) =>
        remembered(trained.store, 'measured', () => {
          log(`avb, seed ${seed}: measuring`);
          return adversarial(trained, exact, seed, signal);
        }),
      );
      const { kl, positive } = made.found;
      log(`avb, seed ${seed}: KL ${kl.mean.toFixed(3)}, P(τ > 0) ${positive.toFixed(3)}`);
      if (avb.length === 0) ({ pairs } = made);
      avb.push(made.found);
    }
    const found: Found = { exact, normals, moments, controls, avb };
    const gates = gatesOf(found);
    log(sayGates(gates));
    const levels = {
      'best mean-field normal': normals['mean-field'].kl.mean,
      'best full-rank normal': normals['full-rank'].kl.mean,
    };
    return {
      result: { backend: { name: backend.name, version: backend.version }, ...found },
      holds: noneMissed(gates),
      pictures: {
        [curvesFile]: drawCurves(
          avb.map(({ curve }) => curve),
          levels,
        ),
        [pairsFile]: drawPairs([
          { title: `AVB, seed ${avb[0]!.seed}`, pairs },
          { title: 'exact', pairs: pairsOf(points) },
        ]),
      },
    };
  },

  page,
};
