import type { Estimate } from '@elbo/evaluation';

/** Each figure of samples with its error, and the same of held-out data behind it. */
export function beside(
  ofSamples: Readonly<Record<string, Estimate>>,
  ofData: Readonly<Record<string, Estimate>>,
): Readonly<Record<string, number>> {
  const named = (name: string, { mean, error }: Estimate): [string, number][] => [
    [name, mean],
    [`${name}Error`, error],
  ];
  return Object.fromEntries(
    Object.entries(ofSamples).flatMap(([name, value]) => [
      ...named(name, value),
      ...named(`${name}OfData`, ofData[name]!),
    ]),
  );
}
