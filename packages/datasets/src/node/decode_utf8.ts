import { DataError } from '@elbo/core';

/**
 * The text of a file.
 *
 * @throws DataError for bytes that are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DataError(
      `${path}: it is not text in UTF-8. Save it as UTF-8 (of a spreadsheet: as "CSV UTF-8"), or, if it is no text, give it the ending of its format.`,
      { cause: error },
    );
  }
}
