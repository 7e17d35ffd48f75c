import { describeBackends, type BackendDescription } from '@elbo/backends';
import type { Output } from '../output.js';
import { table } from '../table.js';

function row(backend: BackendDescription): readonly string[] {
  if (!backend.available) return [backend.name, '', '', backend.reason];
  const { name, versions, device, threads, milliseconds, speed, capabilities } = backend;
  const threaded = threads > 1 ? `${device}, ${threads} threads` : device;
  const lacks = capabilities.missingKernels;
  return [
    name,
    Object.values(versions).join(', '),
    threaded,
    `${speed.toFixed(1)}× the slowest, ${milliseconds.toFixed(1)} ms a small step` +
      (lacks.length > 0 ? `; lacks ${lacks.join(', ')}` : ''),
  ];
}

/** `elbo backends`: what computes here, how fast, what does not and why, and what each needs. */
export async function backendsCommand(output: Output): Promise<number> {
  const described = await describeBackends();
  for (const backend of described) output.result({ ...backend });
  output.line(table(described.map(row)));
  output.line('\nNeeds:');
  output.line(table(described.map(({ name, needs }) => ['', name, needs])));
  return 0;
}
