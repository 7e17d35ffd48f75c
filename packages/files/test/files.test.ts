import { FileError } from '@elbo/core';
import { temporaryFolder } from '@elbo/testing/folders';
import { spawnSync } from 'node:child_process';
import { readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  appender,
  createFolder,
  fileStore,
  readJson,
  readWhole,
  writeWhole,
} from '../src/index.js';

const linux = process.platform === 'linux';

test('neither writer follows a link in the place of a file, wherever it leads', async () => {
  const outside = join(await temporaryFolder(), 'precious');
  await writeFile(outside, 'kept');
  const dir = await temporaryFolder();
  const path = join(dir, 'a.png');
  for (const target of [outside, join(dir, 'nowhere'), 'a.png']) {
    await symlink(target, path);
    await expect(writeWhole(path, 'new')).rejects.toThrow(
      /Cannot write .*a\.png: it is a symbolic/,
    );
    await expect(appender(path, '').append('new')).rejects.toThrow(/a\.png: it is a symbolic link/);
    expect(await readdir(dir)).toEqual(['a.png']);
    await rm(path);
  }
  expect(await readFile(outside, 'utf8')).toBe('kept');
});

test('a folder may be a link, but not where it is part of another', async () => {
  const large = await temporaryFolder();
  const dir = await temporaryFolder();
  await symlink(large, join(dir, 'runs'));
  await writeWhole(join(dir, 'runs', 'a'), 'there');
  expect(await readFile(join(large, 'a'), 'utf8')).toBe('there');
  const store = fileStore(join(dir, 'runs'), { follow: false });
  const tries = [
    () => store.list(),
    () => store.read('a'),
    () => store.write('b', new Uint8Array(1)),
    () => store.remove('a'),
  ];
  for (const tried of tries)
    await expect(tried()).rejects.toThrow(/runs is a symbolic link, which is not followed/);
  expect(await readdir(large)).toEqual(['a']);
});

test.runIf(linux)('what is no regular file is neither read nor replaced', async () => {
  const dir = await temporaryFolder();
  const pipe = join(dir, 'pipe');
  spawnSync('mkfifo', [pipe]);
  for (const path of [pipe, '/dev/zero', '/dev/full']) {
    await expect(readWhole(path)).rejects.toThrow(
      /it is a device, a pipe or a socket: name a regular file/,
    );
    await expect(writeWhole(path, 'x')).rejects.toThrow(FileError);
  }
  await expect(readWhole(dir)).rejects.toThrow(/it is a folder, not a file/);
});

test('a file is read up to its limit, and a link in its place only where it may be', async () => {
  const dir = await temporaryFolder();
  const path = join(dir, 'a');
  await writeFile(path, 'four');
  await symlink('a', join(dir, 'link'));
  expect(await readWhole(path, { size: 4 })).toHaveLength(4);
  await expect(readWhole(path, { size: 3 })).rejects.toThrow(
    /it has 4 bytes, more than the limit of 3/,
  );
  expect(await readWhole(join(dir, 'link'))).toHaveLength(4);
  await expect(readWhole(join(dir, 'link'), { follow: false })).rejects.toThrow(/symbolic link/);
  await writeFile(path, `${'['.repeat(2000)}${']'.repeat(2000)}`);
  await expect(readJson(path)).rejects.toThrow(/more than 100 deep/);
});

test.each([
  ['removed', (path: string) => rm(path)],
  ['cut', (path: string) => truncate(path, 3)],
])('a file that is %s between appends is whole again after the next', async (_, harm) => {
  const path = join(await temporaryFolder(), 'log');
  await writeFile(path, 'before\n');
  const log = appender(path, 'before\n');
  await log.append('one\n');
  await harm(path);
  await log.append('two\n');
  await log.append('three\n');
  expect(await readFile(path, 'utf8')).toBe('before\none\ntwo\nthree\n');
});

test('a long name has room for its temporary file', async () => {
  const dir = await temporaryFolder();
  const path = join(dir, 'n'.repeat(250));
  await writeWhole(path, 'x');
  expect(await readFile(path, 'utf8')).toBe('x');
});

test('a folder of files is there whole, or not at all, and replaces nothing', async () => {
  const dir = await temporaryFolder();
  const path = join(dir, 'new', 'images');
  await createFolder(path, [
    ['a', 'one'],
    ['b', Uint8Array.of(2)],
  ]);
  expect(await readdir(path)).toEqual(['a', 'b']);
  await expect(createFolder(path, [['c', 'x']])).rejects.toThrow(/something of that name is there/);
  expect(await readdir(path)).toEqual(['a', 'b']);
  // It fails in the middle.
  const files = function* (): Generator<readonly [string, string]> {
    yield ['a', 'one'];
    throw new FileError('no more');
  };
  await expect(createFolder(join(dir, 'half'), files())).rejects.toThrow('no more');
  expect(await readdir(dir)).toEqual(['new']);
  expect(await readdir(join(dir, 'new'))).toEqual(['images']);
});
