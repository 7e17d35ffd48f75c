import { backendNames, selectBackend } from '@elbo/backends';
import { examine, type Finding } from '@elbo/backends/node';
import { messageOf } from '@elbo/core';
import { resolveRecipe, tryOneStep, type Known } from '@elbo/experiments';
import { modelCategory } from '@elbo/objectives';
import type { Output } from '../output.js';

/** The options of `elbo doctor`. */
export interface DoctorFlags {
  readonly model?: string;
}

const signs = { fine: '✓', notice: '·', wrong: '✗' } as const;

/** For each backend that works here, whether it has every kernel that a step of training a model needs. */
async function kernelFindings(
  name: string,
  output: Output,
  known: Known,
): Promise<readonly Finding[]> {
  const { config, sets } = await resolveRecipe({ model: name }, known, output);
  const model = known.registry.build(modelCategory, config.model);
  const findings: Finding[] = [];
  for (const backend of backendNames) {
    const selected = await selectBackend({ backend }).catch(() => undefined);
    if (!selected) continue;
    const about = `${name} on ${backend}`;
    try {
      const { used, missing } = await tryOneStep(model, config, sets!, known.registry);
      const composed =
        missing.length > 0 ? `, of which ${missing.join(', ')} are composed from others` : '';
      findings.push({ about, status: 'fine', says: `${used.length} kernels${composed}` });
    } catch (error) {
      const remedy = 'see elbo backends for the others that work here; wasm has every kernel';
      findings.push({ about, status: 'wrong', says: messageOf(error), remedy });
    }
  }
  return findings;
}

/** `elbo doctor`: what can compute here and what is wrong with it. The exit status is 1 when something is wrong. */
export async function doctorCommand(
  { model }: DoctorFlags,
  output: Output,
  known: Known,
): Promise<number> {
  const findings = [
    ...(await examine()),
    ...(model === undefined ? [] : await kernelFindings(model, output, known)),
  ];
  for (const finding of findings) {
    const { about, status, says, remedy } = finding;
    output.result({ ...finding });
    output.line(`${signs[status]} ${about}: ${says}`);
    if (remedy !== undefined) output.line(`    ${remedy}`);
  }
  return findings.some(({ status }) => status === 'wrong') ? 1 : 0;
}
