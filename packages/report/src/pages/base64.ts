/** Bytes in base64, in Node and in pages. */
export function base64(bytes: Uint8Array): string {
  // In parts: an argument for each byte of a picture is more than a call takes.
  let binary = '';
  for (let i = 0; i < bytes.length; i += 4096)
    binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(binary);
}
