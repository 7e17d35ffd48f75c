// A program that writes a run until it is killed; `kill.test.ts` bundles and starts it.
// It imports only what it uses, to start quickly.
import { metricsLogger } from '../src/run/metrics_logger.js';
import { createRun } from '../src/run/run.js';

const [dir, mode] = process.argv.slice(2);

/** Bytes that tell whether they are all there: each is the file's number, and the length is in the first four. */
function content(number: number): Uint8Array {
  const bytes = new Uint8Array(400_000 + 37 * number).fill(number % 251);
  new DataView(bytes.buffer).setUint32(0, bytes.length, true);
  return bytes;
}

const run = await createRun({ dir: dir!, config: { kind: 'writer' }, resume: mode === 'resume' });
const logger = await metricsLogger(run);
for (let step = 0; ; step++) {
  await run.checkpoints.write(`${step % 4}.safetensors`, content(step));
  await logger.log({ step, split: 'training', text: 'x'.repeat(2000) });
  if (mode === 'once') break;
  if (step === 2) process.stdout.write('started\n');
}
