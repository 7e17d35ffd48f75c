// Where programs find a Vulkan loader and NVIDIA's driver for it, on machines that have a GPU and no desktop.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, scratch } from '../lib/workspace.mjs';

const drivers = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** NVIDIA's driver is Vulkan's as well, whether or not its package told the loader so; this library needs no display. */
const nvidia = {
  file_format_version: '1.0.0',
  ICD: { library_path: 'libEGL_nvidia.so.0', api_version: '1.3.0' },
};

/** Variables for a process that uses Vulkan: a loader that was carried along, and a driver that nobody declared. */
export function vulkanVariables() {
  const carried = join(root, 'vulkan');
  const { LD_LIBRARY_PATH: path = '', VK_ICD_FILENAMES: named } = process.env;
  const loader = existsSync(carried) && {
    LD_LIBRARY_PATH: [carried, path].filter(Boolean).join(delimiter),
  };
  const declared = drivers.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
  if (named || declared) return { ...loader };
  mkdirSync(scratch, { recursive: true });
  const file = join(scratch, 'nvidia_icd.json');
  writeFileSync(file, JSON.stringify(nvidia));
  return { ...loader, VK_ICD_FILENAMES: file };
}
