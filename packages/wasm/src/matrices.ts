import { util } from '@tensorflow/tfjs-core';

/**
 * For batch dimensions `own` that broadcast to `result`: the place in `own` of each place in `result`, both counted in
 * row-major order.
 */
export function broadcastPlaces(
  own: readonly number[],
  result: readonly number[],
): (place: number) => number {
  const size = util.sizeFromShape([...own]);
  if (size === 1) return () => 0;
  if (size === util.sizeFromShape([...result])) return (place) => place;
  const missing = result.length - own.length;
  // The step in `own` for one step along each dimension of `result`, from the last.
  const steps: { readonly extent: number; readonly step: number }[] = [];
  let step = 1;
  for (let d = result.length - 1; d >= 0; d--) {
    const extent = d >= missing ? own[d - missing]! : 1;
    steps.push({ extent: result[d]!, step: extent === 1 ? 0 : step });
    step *= extent;
  }
  return (place) => {
    let [rest, at] = [place, 0];
    for (const { extent, step: along } of steps) {
      at += (rest % extent) * along;
      rest = Math.floor(rest / extent);
    }
    return at;
  };
}
