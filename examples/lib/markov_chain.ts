/**
 * A Markov chain of letters: each is drawn as often as it follows the `letters` before it in the texts. It writes one text from as
 * many uniform numbers as that may have letters, and one for its end.
 */
export function markovChain(
  texts: readonly string[],
  letters: number,
): (noise: ArrayLike<number>) => string {
  const after = new Map<string, string[]>();
  for (const text of texts)
    for (let i = 0; i <= text.length; i++) {
      const before = text.slice(Math.max(0, i - letters), i).padStart(letters, '^');
      const known = after.get(before) ?? [];
      known.push(text[i] ?? '');
      after.set(before, known);
    }
  return (noise) => {
    let text = '';
    for (let i = 0; i < noise.length; i++) {
      const choices = after.get(text.slice(-letters).padStart(letters, '^'))!;
      const next = choices[Math.floor(noise[i]! * choices.length)]!;
      if (next === '') break;
      text += next;
    }
    return text;
  };
}
