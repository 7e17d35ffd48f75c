import { version_core } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** The version of the command. */
export const ownVersion: string = version;

/** Versions of what computes, by name. */
export function versions(): Readonly<Record<string, string>> {
  return { elbo: version, 'TensorFlow.js': version_core, Node: process.versions.node };
}
