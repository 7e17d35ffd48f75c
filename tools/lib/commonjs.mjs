/** What a bundle of ES modules puts first, for the parts in it that were written for the module system of Node. */
export const commonJsNames = [
  `import { createRequire as requireFrom } from 'node:module';`,
  `import { dirname as folderOf } from 'node:path';`,
  `import { fileURLToPath as pathOf } from 'node:url';`,
  'const require = requireFrom(import.meta.url);',
  'const __filename = pathOf(import.meta.url);',
  'const __dirname = folderOf(__filename);',
].join(' ');
