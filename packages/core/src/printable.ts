/**
 * Text from outside as it may be shown on a terminal: control characters and those that turn the direction of writing are
 * written out, as `\u{1b}`, so that a name cannot move the cursor, change colours or pass for another.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** Text of several lines as it may be shown: each by `printable`, tabs as they are. */
export function printableLines(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}

/**
 * JSON, as `JSON.stringify` gives it, that may be shown or stand in a page: characters that would steer a terminal or turn
 * the direction of writing are escaped, also in names, and it means the same. What JSON itself escapes is not all of them.
 */
export function printableJson(json: string): string {
  return json.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
