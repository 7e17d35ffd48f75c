import { FileError } from '@elbo/core';
import { temporaryFolder } from '@elbo/testing/folders';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileStore } from '../src/index.js';
import { temporaryName } from '../src/temporaries.js';

const bytes = Uint8Array.of(1, 2, 3);

test('what is written is listed and read back; removing is final', async () => {
  const dir = join(await temporaryFolder(), 'made', 'when', 'needed');
  const store = fileStore(dir);
  expect(await store.list()).toEqual([]);
  await store.write('b.bin', bytes);
  await store.write('a.bin', new Uint8Array(0));
  await store.write('b.bin', bytes.slice(1));
  expect(await store.list()).toEqual(['a.bin', 'b.bin']);
  expect(Array.from(await store.read('b.bin'))).toEqual([2, 3]);
  await store.remove('b.bin');
  await store.remove('b.bin');
  expect(await store.list()).toEqual(['a.bin']);
  await expect(store.read('b.bin')).rejects.toThrow(/b\.bin: there is no such file/);
});

test.each(['../x', '/etc/passwd', '..', '.', '', '.hidden', 'a/b', 'a\\b', 'a\0b', 'c:x', '-x'])(
  'the name %j is refused by every function, and nothing is touched',
  async (name) => {
    const dir = await temporaryFolder();
    const store = fileStore(join(dir, 'inside'));
    await expect(store.write(name, bytes)).rejects.toBeInstanceOf(FileError);
    await expect(store.read(name)).rejects.toThrow(/is not a valid file name/);
    await expect(store.remove(name)).rejects.toBeInstanceOf(FileError);
    expect(await readdir(dir)).toEqual([]);
  },
);

test('folders and temporary files are not listed; links are, and refused', async () => {
  const dir = await temporaryFolder();
  await mkdir(join(dir, 'folder'));
  const [dead, live] = [999999999, process.pid].map((pid) =>
    temporaryName('x.bin').replace(`-${process.pid}-`, `-${pid}-`),
  ) as [string, string];
  await writeFile(join(dir, dead), 'half');
  await writeFile(join(dir, 'x.bin'), bytes);
  await symlink('x.bin', join(dir, 'link.bin'));
  const store = fileStore(dir);
  expect(await store.list()).toEqual(['link.bin', 'x.bin']);
  // Reading leaves another process's leftovers alone; writing removes those of the dead.
  expect(await readdir(dir)).toContain(dead);
  await writeFile(join(dir, live), 'in progress');
  await store.write('z.bin', bytes);
  const after = await readdir(dir);
  expect(after).not.toContain(dead);
  expect(after).toContain(live);
  for (const refused of [() => store.read('link.bin'), () => store.write('link.bin', bytes)])
    await expect(refused()).rejects.toThrow(
      /link\.bin: it is a symbolic link, which is not followed/,
    );
  expect(Array.from(await store.read('x.bin'))).toEqual([1, 2, 3]);
});

test('a failed write says what and where, and leaves no temporary file', async () => {
  const dir = await temporaryFolder();
  await mkdir(join(dir, 'taken.bin'));
  const store = fileStore(dir);
  await expect(store.write('taken.bin', bytes)).rejects.toThrow(
    /Cannot write .*taken\.bin: it is a folder, not a file: check the path\./,
  );
  expect(await readdir(dir)).toEqual(['taken.bin']);
  await writeFile(join(dir, 'file'), '');
  await expect(fileStore(join(dir, 'file')).write('x', bytes)).rejects.toThrow(FileError);
  await expect(fileStore(join(dir, 'file', 'sub')).write('x', bytes)).rejects.toThrow(
    /part of the path is a file, not a folder/,
  );
  await expect(fileStore(join(dir, 'file')).list()).rejects.toThrow(/Cannot list/);
});

test('writes at the same time do not mix', async () => {
  const store = fileStore(await temporaryFolder());
  const contents = Array.from({ length: 16 }, (_, i) => new Uint8Array(50_000).fill(i));
  await Promise.all(contents.map((content) => store.write('one', content)));
  const read = await store.read('one');
  expect(read).toHaveLength(50_000);
  expect(read.every((byte) => byte === read[0])).toBe(true);
  expect(await store.list()).toEqual(['one']);
});

test.runIf(process.platform === 'linux')(
  'where the system makes no folders, it is one error and no endless loop',
  async () => {
    const store = fileStore('/proc/nope/deep');
    await expect(store.write('a', bytes)).rejects.toThrow(/Cannot make the folder \/proc\/nope: /);
  },
);
