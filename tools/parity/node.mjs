// One backend in Node: node node.mjs BACKEND FOLDER, with requests as lines of JSON, and a line for each; or node node.mjs
// BACKEND FOLDER NAME…, with the names of models.
import { createInterface } from 'node:readline';
import { selectBackend } from '@elbo/backends';
import { tenSteps } from './models.mjs';

const [backend, resolveFrom, ...names] = process.argv.slice(2);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

async function* asked() {
  for await (const line of createInterface({ input: process.stdin })) yield JSON.parse(line);
}

try {
  const { versions, device } = await selectBackend({ backend, resolveFrom });
  say({ versions, device });
  const requests = names.length > 0 ? names.map((name) => ({ name })) : asked();
  for await (const { name, checkpoint } of requests) {
    try {
      say(await tenSteps(name, checkpoint && Uint8Array.from(checkpoint)));
    } catch (error) {
      say({ failed: String(error) });
    }
  }
} catch (error) {
  say({ absent: String(error) });
}
