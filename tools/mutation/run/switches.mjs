// The switches of the mutants, in the process where the tests run.

/** Which mutant is on, how often it may still be asked for, and who is told of each that is asked for. */
const state = { active: undefined, left: Infinity, saw: undefined };

/** What a mutant that never ends is stopped by. */
class EndlessError extends Error {}

globalThis.$elboMutant = (id) => {
  state.saw?.(id);
  if (id !== state.active) return false;
  if (state.left-- <= 0) throw new EndlessError('This mutant goes on and on.');
  return true;
};

/** Turns one mutant on, which may be asked for so many times, and all others off. */
export function turnOn(id, times) {
  state.active = id;
  state.left = times;
}

export function turnOff() {
  state.active = undefined;
}

/** Whether an endless mutant was stopped since it was turned on. */
export const ranOut = () => state.left < 0;

/** Tells `saw` of every mutant that is asked for, on or off. */
export function watch(saw) {
  state.saw = saw;
}
