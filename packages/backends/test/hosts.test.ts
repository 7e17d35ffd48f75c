import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** The files of this package that a program carries which selects a backend. */
async function carried(platform: 'browser' | 'node' | 'neutral'): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: {
      contents: `import { selectBackend } from '@elbo/backends'; selectBackend();`,
      resolveDir: import.meta.dirname,
    },
    platform,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    conditions: ['@elbo/source'],
    external: ['@tensorflow/*'],
    absWorkingDir: `${import.meta.dirname}/..`,
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs).filter((file) => file.startsWith('src/'));
}

const within = (folder: string, files: readonly string[]): readonly string[] =>
  files.filter((file) => file.startsWith(`src/${folder}/`));

// Nothing but TensorFlow.js is external: a module of Node's would end the build.
test.each(['browser', 'neutral'] as const)(
  'a program for the platform %s carries nothing of Node',
  async (platform) => {
    const files = await carried(platform);
    expect(files).toContain('src/browser/host.ts');
    expect(within('node', files)).toEqual([]);
  },
);

test('a program for Node carries nothing of pages, and no tools', async () => {
  const files = await carried('node');
  expect(files).toContain('src/node/host.ts');
  expect(within('browser', files)).toEqual([]);
  expect(within('node/tools', files)).toEqual([]);
});
