/** One line of `metrics.jsonl`: the metrics of one split at one step. A value that is not finite is `null`. */
export interface MetricsLine {
  readonly step: number;
  readonly split: string;
  readonly [metric: string]: number | string | null;
}
