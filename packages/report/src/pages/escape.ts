import { printableJson, printableLines } from '@elbo/core';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const characters = new Map(
  Object.entries(entities).map(([character, entity]) => [entity, character]),
);

/** Text as it may stand in the content or in a quoted attribute of HTML and SVG. */
export function escapeMarkup(text: string): string {
  // What turns the direction of writing would make a name pass for another here, too.
  return printableLines(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** The text that `escapeMarkup` was given; what else is written as an entity stays written so. */
export function unescapeMarkup(markup: string): string {
  return markup.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => characters.get(entity)!);
}

/**
 * JSON as it may stand inside a `<script>` element: no character in it can end the element, nor a name or a text in it turn
 * what is shown.
 */
export function escapeScriptJson(value: unknown): string {
  const shown = (_: string, each: unknown): unknown =>
    typeof each === 'string' ? printableLines(each) : each;
  return printableJson(JSON.stringify(value, shown)).replace(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}
