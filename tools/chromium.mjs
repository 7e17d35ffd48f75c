// Prints where the system's Chromium is, or nothing: page tests skip without one, so nx hashes this.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const folders = (process.env.PATH ?? '').split(delimiter);
const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
console.log(found ?? '');
