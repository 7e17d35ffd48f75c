/** Σ exp(w) and Σ exp(2w), streamed in float64 relative to the largest w so far. */
export class LogSum {
  private largest = -Infinity;
  private sum = 0;
  private squares = 0;

  /** Counts one more w. */
  add(logWeight: number): void {
    // z outside the prior's support: a weight of 0, of which −∞ − −∞ would make NaN.
    if (logWeight === -Infinity) return;
    if (logWeight > this.largest) {
      const rescale = Math.exp(this.largest - logWeight);
      this.sum *= rescale;
      this.squares *= rescale * rescale;
      this.largest = logWeight;
    }
    const w = Math.exp(logWeight - this.largest);
    this.sum += w;
    this.squares += w * w;
  }

  /** log of the mean of exp(w) over `count` of them. */
  logMean(count: number): number {
    return this.largest + Math.log(this.sum / count);
  }

  /** (Σ exp w)² / Σ exp 2w; 0 where all are 0. */
  effectiveSize(): number {
    if (this.sum === 0) return 0;
    return (this.sum * this.sum) / this.squares;
  }
}
