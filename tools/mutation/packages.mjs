// Whose sources are mutated, and whose tests are asked.
import { closure, packageNamed } from '../lib/workspace.mjs';

export const mutated =
  'core objectives vae iwae avb aae avae wvae gan encoders decoders training evaluation datasets runs experiments'.split(
    ' ',
  );

/** Packages whose tests run on sources. Those of `cli` and `parallel` run on builds, in which no mutant is. */
export const asked = ['models', 'recipes', 'report', ...mutated];

/** Whether a package builds on another, so that its tests may catch what the other's own did not. */
export const isAbove = (name, other) =>
  name !== other && closure(packageNamed(name)).some(({ folder }) => folder === other);
