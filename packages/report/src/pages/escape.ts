import { printableLines } from '@elbo/core';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in the content or in a quoted attribute of HTML and SVG. */
export function escapeMarkup(text: string): string {
  // What turns the direction of writing would make a name pass for another here, too.
  return printableLines(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** JSON as it may stand inside a `<script>` element: no character in it can end the element, nor text in it turn what is shown. */
export function escapeScriptJson(value: unknown): string {
  const shown = (_: string, each: unknown): unknown =>
    typeof each === 'string' ? printableLines(each) : each;
  return JSON.stringify(value, shown).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
