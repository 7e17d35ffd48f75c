import { ElboError } from '@elbo/core';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import * as networks from '@elbo/networks';
import * as encoders from '@elbo/encoders';
import * as decoders from '@elbo/decoders';
import * as discriminators from '@elbo/discriminators';
import * as objectives from '@elbo/objectives';
import * as optimisers from '@elbo/optimisers';
import * as datasets from '@elbo/datasets';
import * as core from '@elbo/core';
import * as vae from '@elbo/vae';
import * as avb from '@elbo/avb';
import * as aae from '@elbo/aae';
import * as wvae from '@elbo/wvae';
import * as iwae from '@elbo/iwae';
import * as avae from '@elbo/avae';
import * as gan from '@elbo/gan';
const all = { networks, encoders, decoders, discriminators, objectives, optimisers, datasets, core, vae, avb, aae, wvae, iwae, avae, gan };
test('probe', async () => {
  await setBackend('cpu');
  const seen = new Set<unknown>();
  const lines: string[] = [];
  for (const [pkg, ns] of Object.entries(all)) for (const [name, f] of Object.entries(ns)) {
    if (typeof f !== 'function' || seen.has(f) || /Error$/.test(name)) continue;
    seen.add(f);
    const out: string[] = [];
    for (const args of [[], [{}], [{ hidden: 64, units: 'a', latent: 'b', layers: 3, network: 5, prior: 5, encoder: 4, decoder: 4, discriminator: 4, terms: 5, shape: 5, weight: 'x' }]]) {
      try { const r: unknown = (f as (...a: unknown[]) => unknown)(...args); out.push(r && typeof r === 'object' && 'config' in r ? 'made' : 'ret'); }
      catch (e) { out.push(e instanceof ElboError ? 'ok:' + e.message.slice(0,60) : `BAD ${String(e).slice(0, 70)}`); }
    }
    lines.push(`${pkg}.${name}(${f.length}) | ${out.join(' | ')}`);
  }
  const { writeFileSync } = await import('node:fs');
  writeFileSync('/tmp/probe.txt', lines.join('\n'));
});
