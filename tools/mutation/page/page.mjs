// docs/mutation.md, written from the kept results and from what was reviewed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { readJson, root } from '../../lib/workspace.mjs';

/** Survivors that change nothing that anyone could see: by id, with the reason. */
export const reviewed = () => readJson(new URL('../reviewed.json', import.meta.url));

const code = (text) => {
  const short = text.replaceAll(/\s+/g, ' ').trim();
  const shown = (short.length > 90 ? `${short.slice(0, 88)} …` : short).replaceAll('|', '\\|');
  return shown === '' ? 'nothing' : `\`${shown.replaceAll('`', 'ˋ')}\``;
};
const percent = (part, whole) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
const at = ({ file, line }) =>
  `[${file.replace(/^packages\//, '').replace('/src/', '/')}:${line}](../${file}#L${line})`;

/** Counts of some mutants: how many, caught, harmless by the reviews, and survivors. */
export function counted(mutants, reviews) {
  const harmless = new Set(reviews.map(({ id }) => id));
  const caught = mutants.filter(({ outcome }) => outcome === 'caught').length;
  const named = mutants.filter(
    ({ id, outcome }) => outcome !== 'caught' && harmless.has(id),
  ).length;
  return {
    all: mutants.length,
    caught,
    harmless: named,
    survived: mutants.length - caught - named,
  };
}

const row = (name, of, { all, caught, harmless, survived }) =>
  `| ${name} | ${of} | ${all} | ${caught} | ${harmless} | ${survived} | ${percent(caught, all - harmless)} |`;

/** What another sample says of mutants that no test was written for: as it was drawn, and as it is now. */
function otherOf({ seed, note, packages, mutants }, why) {
  const harmless = new Set(why.map(({ id }) => id));
  const open = mutants.filter(({ id, outcome }) => outcome !== 'caught' && !harmless.has(id));
  const ended = mutants.filter(({ outcome, survivedOnce }) => outcome === 'caught' && survivedOnce);
  const countsOf = (some) => {
    const { all, caught, harmless, survived } = counted(some, why);
    const atFirst = some.filter((row) => row.outcome === 'caught' && !row.survivedOnce).length;
    return { of: all - harmless, caught, harmless, survived, atFirst };
  };
  const all = countsOf(mutants);
  const rows = Object.keys(packages).map((name) => {
    const own = countsOf(mutants.filter((mutant) => mutant.package === name));
    return `| ${name} | ${packages[name].mutants} | ${own.of} | ${own.atFirst} | ${own.caught} | ${own.harmless} | ${own.survived} |`;
  });
  return `### Seed ${seed}

**${all.atFirst} of ${all.of} were caught when the sample was drawn, ${percent(all.atFirst, all.of)}**, and ${all.caught} are now. ${note}

| Package | Of | Harmful | Caught at first | Caught now | Harmless | Survive |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

${
  open.length === 0
    ? 'None survives.'
    : `These survive:\n\n| Where | Stood | Became |\n| --- | --- | --- |\n${open
        .map((mutant) => `| ${at(mutant)} | ${code(mutant.before)} | ${code(mutant.after)} |`)
        .join('\n')}`
}

${
  ended.length === 0
    ? ''
    : `These survived at first:\n\n| Where | Stood | Became | Caught by |\n| --- | --- | --- | --- |\n${ended
        .map(
          (mutant) =>
            `| ${at(mutant)} | ${code(mutant.before)} | ${code(mutant.after)} | ${mutant.by.replaceAll('|', '\\|')} |`,
        )
        .join('\n')}`
}
`;
}

const othersOf = (others, why) =>
  others.length === 0
    ? ''
    : `## Other samples

Tests were written for the survivors above, so that their share says little of mutants that nobody has looked at. Other samples say
more: what counts is how many were caught when each was drawn, before any test was written for it. Those named harmless since are
left out of that share.

${others.map((each) => otherOf(each, why)).join('\n')}
`;

function pageOf({ seed, note, packages, mutants }, others, why) {
  const harmless = new Map(why.map((entry) => [entry.id, entry.why]));
  const names = Object.keys(packages);
  const all = counted(mutants, why);
  const possible = names.reduce((sum, name) => sum + packages[name].mutants, 0);
  const minutes = names.reduce((sum, name) => sum + packages[name].minutes, 0);
  const left = mutants.filter(({ outcome }) => outcome !== 'caught');
  const survivors = left.filter(({ id }) => !harmless.has(id));
  const reasons = left.filter(({ id }) => harmless.has(id));
  const ended = mutants.filter(({ outcome, survivedOnce }) => outcome === 'caught' && survivedOnce);
  return `# Mutation

What would the tests see, if the code were wrong? \`npm run mutate\` makes small faults in the sources, one at a time, and runs
the tests that come by. Of ${possible} such mutants of these packages a sample of ${all.all} was drawn (seed ${seed}), spread over the packages
by how many each has. **${all.caught} were caught, ${percent(all.caught, all.all - all.harmless)} of those that do harm.**

${note ? `${note}\n\n` : ''}Of how many: all mutants of the package. Harmless: reviewed, and named below with the reason; they count neither way.

| Package | Of | Mutants | Caught | Harmless | Survived | Share |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${names
  .map((name) =>
    row(
      name,
      packages[name].mutants,
      counted(
        mutants.filter((mutant) => mutant.package === name),
        why,
      ),
    ),
  )
  .join('\n')}
${row('**all**', possible, all)}

The run took ${minutes.toFixed(0)} minutes on one core, which it shared.

## Survivors

${
  survivors.length === 0
    ? 'None.'
    : `| Where | Stood | Became |\n| --- | --- | --- |\n${survivors
        .map((mutant) => `| ${at(mutant)} | ${code(mutant.before)} | ${code(mutant.after)} |`)
        .join('\n')}`
}

## Harmless

${
  reasons.length === 0
    ? 'None.'
    : `| Where | Stood | Became | Why it does no harm |\n| --- | --- | --- | --- |\n${reasons
        .map(
          (mutant) =>
            `| ${at(mutant)} | ${code(mutant.before)} | ${code(mutant.after)} | ${harmless.get(mutant.id)} |`,
        )
        .join('\n')}`
}

## Ended by a test

Mutants that survived once, and the test that catches each now.

${
  ended.length === 0
    ? 'None yet.'
    : `| Where | Stood | Became | Caught by |\n| --- | --- | --- | --- |\n${ended
        .map(
          (mutant) =>
            `| ${at(mutant)} | ${code(mutant.before)} | ${code(mutant.after)} | ${mutant.by.replaceAll('|', '\\|')} |`,
        )
        .join('\n')}`
}

${othersOf(others, why)}## How

- A mutant swaps an operator, a comparison, a number, a condition, an option for its default, an operation of TensorFlow.js (a mean for
  a sum), or leaves out a statement, a \`filter\`, a transform. \`tools/mutation/list/operators.mjs\` has them all, and says what is left out
  and why: messages, types, empty bodies and tolerances.
- The sources hold all mutants of the sample at once, each behind a switch, so that one process tries many.
- Of the package's own tests those that come by a mutant are run, the quickest file first, until one fails; what survives
  them meets those of the packages above, up to some seconds of each.
- A test that fails has to pass again with the mutant off. A mutant that never ends, or ends its process, is caught.
`;
}

export async function writePage(results, others) {
  const page = join(root, 'docs', 'mutation.md');
  const options = { ...(await resolveConfig(page)), parser: 'markdown' };
  writeFileSync(page, await format(pageOf(results, others, reviewed()), options));
}
