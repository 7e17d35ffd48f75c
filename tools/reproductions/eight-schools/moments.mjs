// Whether three ways to the exact posterior agree: quadrature, direct draws, Hamiltonian Monte Carlo.
import { estimateOf, posteriorDraws } from '@elbo/evaluation';
import { tensor2d } from '@tensorflow/tfjs-core';
import { dim, effectsAt } from './posterior.mjs';

const functions = {
  'E μ': ([mu]) => mu,
  'E μ²': ([mu]) => mu * mu,
  'E |τ|': ([, tau]) => Math.abs(tau),
  'E τ²': ([, tau]) => tau * tau,
  'P(τ > 0)': ([, tau]) => Number(tau > 0),
  'E τη₁': ([, tau, eta]) => tau * eta,
  'E η₈²': (z) => z[9] ** 2,
};

/** What quadrature says of those that depend on μ and τ only. */
const byQuadrature = ({ muMean, muSd, tauAbsolute, tauSd }) => ({
  'E μ': muMean,
  'E μ²': muMean ** 2 + muSd ** 2,
  'E |τ|': tauAbsolute,
  'E τ²': tauSd ** 2,
  'P(τ > 0)': 0.5,
});

const [chains, warmUp, kept, leapfrogs] = [128, 200, 400, 10];

const pointAt = ({ values }, row) => values.subarray(row * dim, (row + 1) * dim);

/** Half of the chains start in the mode of τ > 0, half in the other. */
async function byChains({ model, params }, { muMean, tauMode }, { key, signal }) {
  const modes = [tauMode, -tauMode].map((tau) => [muMean, tau, ...effectsAt(muMean, tau)]);
  const start = tensor2d(Array.from({ length: chains }, (_, c) => modes[c % 2]));
  const x = tensor2d([[1]]);
  const options = { key, chains, warmUp, draws: kept, leapfrogs, start, signal };
  try {
    return await posteriorDraws(model, params.primal, { x }, options);
  } finally {
    start.dispose();
    x.dispose();
  }
}

/** The mean of f over the draws of each chain: chains are independent, so their spread is the error. */
const ofChains = (points, f) =>
  Array.from({ length: chains }, (_, c) => {
    let sum = 0;
    for (let t = 0; t < kept; t++) sum += f(pointAt(points, t * chains + c));
    return sum / kept;
  });

/** The moments, each by all three; `apart` is how far chains and exact draws are, in standard errors. */
export async function momentsOf(trained, exact, points, { key, signal }) {
  const known = byQuadrature(exact);
  const { points: walked, acceptance } = await byChains(trained, exact, { key, signal });
  const rows = Object.entries(functions).map(([name, f]) => {
    const direct = estimateOf(
      Array.from({ length: points.values.length / dim }, (_, row) => f(pointAt(points, row))),
    );
    const each = ofChains(walked, f);
    const hmc = estimateOf(each);
    return {
      name,
      quadrature: known[name],
      direct,
      hmc,
      apart: (hmc.mean - direct.mean) / Math.hypot(hmc.error, direct.error),
      ofModes: [0, 1].map((mode) => estimateOf(each.filter((_, c) => c % 2 === mode))),
    };
  });
  return { rows, acceptance, chains, warmUp, kept, leapfrogs };
}
