import { createInterface } from 'node:readline';

/** Answers each line {"model": NAME} with a line: what `measure` says of it, or {"reason": why it failed}. */
export async function serve(measure) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { model } = JSON.parse(line);
    const answer = await measure(model).catch((error) => ({ reason: error.message }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
