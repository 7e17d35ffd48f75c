#!/usr/bin/env node
import { main } from './program.js';

// A reader that goes away (`elbo models | head -1`) ends nothing and is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.exitCode = await main(process.argv.slice(2));
