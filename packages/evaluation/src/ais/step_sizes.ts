/** Where leapfrog steps are most worth their cost (Beskos et al. 2013: .651 in the limit of many dimensions). */
const wanted = 0.65;
/** How fast log step sizes follow the acceptance. */
const rate = 0.2;
const first = 0.2;

/** The step sizes of the first transition. */
export function firstStepSizes(rows: number): readonly number[] {
  return Array.from({ length: rows }, () => first);
}

/**
 * Each row's step size at the next temperature, from the acceptance of its chains at this one: longer where more than
 * .65 were accepted, shorter where fewer.
 *
 * @param probabilities Of acceptance, chain-major: `[C · B]`.
 */
export function nextStepSizes(
  stepSizes: readonly number[],
  probabilities: readonly number[],
): readonly number[] {
  const rows = stepSizes.length;
  const chains = probabilities.length / rows;
  return stepSizes.map((size, row) => {
    let mean = 0;
    for (let c = 0; c < chains; c++) mean += probabilities[c * rows + row]! / chains;
    return size * Math.exp(rate * (mean - wanted));
  });
}
