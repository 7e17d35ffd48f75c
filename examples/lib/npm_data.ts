import { cacheFolder } from '@elbo/datasets/node';
import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * The path of a file of a package of npm's, which is fetched into the cache folder once. Data of others: what they are and under
 * which licence, the package says.
 */
export async function fileOfPackage(name: string, version: string, file: string): Promise<string> {
  const folder = join(cacheFolder(), 'npm', `${name.replaceAll('/', '-')}-${version}`);
  const path = join(folder, 'node_modules', name, file);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return path;
  await mkdir(folder, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts'];
  await promisify(execFile)('npm', ['install', '--prefix', folder, ...quiet, `${name}@${version}`]);
  return path;
}
