#!/usr/bin/env node
// npm links a command only to a file that is there when it installs. In a clone dist/ is built later, so this file is in
// git: it runs what was built, or says how to build it.
import { existsSync } from 'node:fs';

const built = new URL('../dist/elbo.js', import.meta.url);

if (existsSync(built)) await import(built);
else {
  console.error(
    'The command elbo is not built yet. In the folder of the clone run `npm run build`, or `npm start`, which also trains a first model.',
  );
  process.exitCode = 1;
}
