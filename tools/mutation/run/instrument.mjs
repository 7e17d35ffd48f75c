// One source with many mutants in it, each behind a switch, so that they share a process.
import { readFileSync } from 'node:fs';

/** Asks whether a mutant is on. Where no run of mutants is, as in a page that a test opens, none is. */
const isOn = (id) => `globalThis.$elboMutant?.('${id}')`;

const encloses = (a, b) => a.start <= b.start && b.end <= a.end;

/** Mutants of one file by place, the larger places first, each with the places that are in it. */
function nested(mutants) {
  const places = new Map();
  for (const mutant of mutants) {
    const key = `${mutant.start}-${mutant.end}`;
    const { start, end } = mutant;
    if (!places.has(key)) places.set(key, { start, end, mutants: [], within: [] });
    places.get(key).mutants.push(mutant);
  }
  const top = [];
  for (const place of [...places.values()].sort((a, b) => a.start - b.start || b.end - a.end)) {
    let level = top;
    while (level.length > 0 && encloses(level.at(-1), place)) level = level.at(-1).within;
    level.push(place);
  }
  return top;
}

function rendered(content, start, end, places) {
  let text = '';
  let at = start;
  for (const place of places) {
    text += content.slice(at, place.start);
    const own = rendered(content, place.start, place.end, place.within);
    text +=
      place.mutants[0].operator === 'statement'
        ? `{ if (!${isOn(place.mutants[0].id)}) { ${own} } }`
        : `(${place.mutants.map(({ id, after }) => `${isOn(id)} ? (${after}) : `).join('')}(${own}))`;
    at = place.end;
  }
  return text + content.slice(at, end);
}

/** The text of a file with these mutants of it. */
export function instrumented(file, mutants) {
  const content = readFileSync(file, 'utf8');
  const text = rendered(content, 0, content.length, nested(mutants));
  return `${text}\nimport * as $tf from '@tensorflow/tfjs-core';\n`;
}
