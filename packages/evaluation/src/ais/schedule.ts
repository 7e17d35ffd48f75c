/** Half the width of the part of the sigmoid that is used (Wu et al. 2017, appendix A). */
const reach = 4;

/**
 * Inverse temperatures 0 = β₀ < … < β_T = 1 on a sigmoid, close together near both ends, where the distributions change
 * fastest (Grosse et al. 2015, section 5).
 *
 * @param steps T, from 1.
 */
export function sigmoidSchedule(steps: number): Float64Array {
  const sigmoid = (t: number): number => 1 / (1 + Math.exp(-reach * ((2 * t) / steps - 1)));
  const [low, high] = [sigmoid(0), sigmoid(steps)];
  return Float64Array.from({ length: steps + 1 }, (_, t) => (sigmoid(t) - low) / (high - low));
}
