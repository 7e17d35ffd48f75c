// One backend in Node: node node.mjs BACKEND FOLDER, with requests as lines of JSON, and a line for each.
import { createInterface } from 'node:readline';
import { selectBackend } from '@elbo/backends';
import { tenSteps } from './models.mjs';

const [backend, resolveFrom] = process.argv.slice(2);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

try {
  const { versions, device } = await selectBackend({ backend, resolveFrom });
  say({ versions, device });
  for await (const line of createInterface({ input: process.stdin })) {
    const { name, checkpoint } = JSON.parse(line);
    try {
      say(await tenSteps(name, checkpoint && Uint8Array.from(checkpoint)));
    } catch (error) {
      say({ failed: String(error) });
    }
  }
} catch (error) {
  say({ absent: String(error) });
}
