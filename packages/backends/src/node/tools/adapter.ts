import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isSoftware } from '../../shared/software.js';
import { fine, notice, type Finding } from './finding.js';
import { installed } from '../project.js';

const patience = 30_000;

/** As much of the package webgpu as is asked here. */
interface Dawn {
  create(options: readonly string[]): {
    requestAdapter(): Promise<{ readonly info: Readonly<Record<string, string>> } | null>;
  };
}

/** Asks WebGPU for its adapter, and says its name. This function is printed and run elsewhere: it must stand alone. */
async function program(load: Promise<Dawn>): Promise<void> {
  const { create } = await load;
  const adapter = await create([]).requestAdapter();
  const { vendor, architecture, device, description } = adapter?.info ?? {};
  const named = [vendor, architecture, device, description].filter(Boolean).join(' ');
  process.stdout.write(`\n${JSON.stringify(adapter === null ? null : named)}\n`);
  // A GPU's driver may keep the process.
  process.exit(0);
}

/** What WebGPU in Node would compute on, asked in a process of its own; nothing where it is not installed. */
export async function adapterFindings(
  resolveFrom: string | undefined,
): Promise<readonly Finding[]> {
  const dawn = installed('webgpu', resolveFrom);
  if (!dawn) return [];
  const entry = pathToFileURL(join(dawn.folder, 'index.js')).href;
  const code = `(${program.toString()})(import(${JSON.stringify(entry)}))`;
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['-e', code], { timeout: patience }, (_, out) => {
      resolve(out.trim().split('\n').at(-1) ?? '');
    });
  });
  const remedy =
    'a Vulkan loader (libvulkan.so.1) and the Vulkan driver of a GPU; in a container of NVIDIA, NVIDIA_DRIVER_CAPABILITIES=all';
  if (!said.startsWith('"')) return [notice('WebGPU', 'it finds no adapter', remedy)];
  const name = JSON.parse(said) as string;
  return isSoftware(name)
    ? [notice('WebGPU', `its adapter is a program that computes on the CPU: ${name}`, remedy)]
    : [fine('WebGPU', `its adapter is ${name}`)];
}
