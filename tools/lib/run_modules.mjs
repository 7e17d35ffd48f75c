// Runs modules one after the other, and says of each, on a line, what it printed and what it threw:
//   node tools/lib/run_modules.mjs FILE...
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const say = console.log;
for (const file of process.argv.slice(2)) {
  const printed = [];
  console.log = (...values) => printed.push(format(...values).replaceAll(/\s*\n\s*/g, ' '));
  const started = performance.now();
  let error = null;
  try {
    await import(pathToFileURL(file).href);
  } catch (thrown) {
    error = String(thrown?.stack ?? thrown);
  }
  say(`example ${JSON.stringify({ error, printed, ms: performance.now() - started })}`);
}
