import { messageOf, parseJson, whole, type Store } from '@elbo/core';
import type { AnnealingState } from '@elbo/evaluation';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';

const count = whole(0);
const values = v.array(v.number());
const rows = v.array(
  v.object({ logMean: v.number(), effectiveChains: v.number(), acceptance: v.number() }),
);
const schema = v.object({
  question: v.unknown(),
  state: v.object({
    plan: v.object({
      rows: count,
      chains: count,
      temperatures: count,
      leapfrogs: count,
      chunk: count,
    }),
    begin: count,
    leg: count,
    chains: v.exactOptional(
      v.object({
        passed: count,
        z: values,
        start: values,
        ratio: values,
        logWeights: values,
        acceptance: values,
      }),
    ),
    stepSizes: v.array(values),
    found: v.object({
      pilot: v.exactOptional(rows),
      forward: v.exactOptional(rows),
      backward: v.exactOptional(rows),
    }),
  }),
});

/** Whether the arrays of a state are as long as its plan says, so that going on from it reads no value that is not there. */
function fits(state: AnnealingState, latents: number): boolean {
  const { plan, begin, chains, stepSizes, found } = state;
  const block = Math.min(plan.rows - begin, Math.max(1, Math.floor(plan.chunk / plan.chains)));
  const each = chains ? chains.start.length : block * plan.chains;
  const {
    z = [],
    passed = 0,
    start = [],
    ratio = [],
    logWeights = [],
    acceptance = [],
  } = chains ?? {};
  return (
    begin <= plan.rows &&
    passed <= plan.temperatures &&
    z.length === start.length * latents &&
    [ratio, logWeights, acceptance].every(({ length }) => length === start.length) &&
    stepSizes.every(({ length }) => length * plan.chains === each) &&
    Object.values(found).every(({ length }) => length <= plan.rows)
  );
}

/** How long work that was interrupted is found again. */
export interface Asked {
  /** What the work answers, which must be the same. */
  readonly question: object;
  /** Dimensions of z. */
  readonly latents: number;
  /** Takes what a person should know of a file that is broken. */
  readonly note: (text: string) => void;
}

/** Where the same work was interrupted, if it was; a file about other work is none, and neither is one that is broken. */
export async function stateIn(
  files: Store,
  name: string,
  { question, latents, note }: Asked,
): Promise<AnnealingState | undefined> {
  if (!(await files.list()).includes(name)) return undefined;
  let kept: v.InferOutput<typeof schema>;
  try {
    const parsed = v.safeParse(schema, parseJson(await files.read(name), name));
    if (!parsed.success || !fits(parsed.output.state, latents))
      throw new Error(`${name} has another shape.`);
    kept = parsed.output;
  } catch (thrown) {
    note(`${messageOf(thrown)} Annealing starts again from the beginning.`);
    return undefined;
  }
  return isDeepStrictEqual(kept.question, question) ? kept.state : undefined;
}
