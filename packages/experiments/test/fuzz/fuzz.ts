import { ElboError } from '@elbo/core';
import { picks } from './mutate.js';
import type { Reader } from './readers.js';

/** What came of the inputs of one reader. */
export interface Outcome {
  readonly reader: string;
  readonly inputs: number;
  /** Inputs that were read; the others were refused with an error of ours. */
  readonly read: number;
  /** Of the slowest input, in milliseconds. */
  readonly slowest: number;
  /** Bytes that the process had more at the end than at the start. */
  readonly grown: number;
  /** Inputs that ended in anything else, with what that was. */
  readonly faults: readonly {
    readonly input: number;
    readonly fault: string;
    readonly bytes: string;
  }[];
}

/** Feeds a reader with `inputs` inputs, the same for the same seed. */
export async function fuzz(reader: Reader, inputs: number, seed: number): Promise<Outcome> {
  const faults: { input: number; fault: string; bytes: string }[] = [];
  const before = process.memoryUsage().rss;
  let [read, slowest, grown] = [0, 0, 0];
  for (let input = 0; input < inputs; input++) {
    const pick = picks(seed * 1_000_003 + input);
    for (let i = 0; i < 8; i++) pick(2);
    const [from, other] = [0, 1].map(() => reader.seeds[pick(reader.seeds.length)]!);
    const bytes = reader.mutate(pick, from!, other!);
    const began = performance.now();
    try {
      await reader.read(bytes);
      read++;
    } catch (thrown) {
      const ours = thrown instanceof ElboError && thrown.message.length > 0;
      if (!ours) {
        const fault = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
        if (faults.length < 20)
          faults.push({
            input,
            fault: fault.slice(0, 600),
            bytes: Buffer.from(bytes).toString('latin1').slice(0, 2000),
          });
      }
    }
    slowest = Math.max(slowest, performance.now() - began);
    if (input % 500 === 0) grown = Math.max(grown, process.memoryUsage().rss - before);
  }
  return { reader: reader.name, inputs, read, slowest, grown, faults };
}
