// Compiles assembly/ to the side module's variants and writes them into src/generated/binaries.ts as base64: so a
// bundler, a browser and Node load them alike, with nothing to serve beside the code.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(dirname(fileURLToPath(import.meta.url)));

const flags = [
  ...['assembly/index.ts', '--baseDir', here, '--outFile', 'module.wasm'],
  ...['-O3', '--converge', '--noAssert', '--disableWarning', '112'],
  // The memory is the backend's. No runtime, no heap, no data of its own: nothing to place in that memory.
  ...['--importMemory', '--noExportMemory', '--runtime', 'stub', '--use', 'abort='],
  ...['--enable', 'simd', '--enable', 'bulk-memory'],
];
const shared = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'];
const relaxed = ['--enable', 'relaxed-simd'];
const variants = {
  simd: [],
  relaxed,
  sharedSimd: shared,
  sharedRelaxed: [...shared, ...relaxed],
};

async function compile(extra) {
  let binary;
  const { error, stdout, stderr } = await asc.main([...flags, ...extra], {
    writeFile: (_name, contents) => {
      binary = contents;
    },
  });
  const said = `${stdout.toString()}${stderr.toString()}`;
  if (error) throw new Error(`${said}\n${error.message}`);
  process.stderr.write(said);
  expectNoData(binary);
  return binary;
}

/** Sections of a module by their number. Data would be written over the backend's, wherever it happened to lie. */
function expectNoData(binary) {
  for (let at = 8; at < binary.length;) {
    const section = binary[at];
    let size = 0;
    let shift = 0;
    do {
      at++;
      size |= (binary[at] & 127) << shift;
      shift += 7;
    } while (binary[at] & 128);
    if (section === 11)
      throw new Error('The side module has a data section: keep assembly/ free of static data.');
    at += 1 + size;
  }
}

const entries = [];
for (const [name, extra] of Object.entries(variants)) {
  const base64 = Buffer.from(await compile(extra)).toString('base64');
  entries.push(`  ${name}:\n    '${base64}',`);
}
const generated = join(here, 'src', 'generated');
rmSync(generated, { recursive: true, force: true });
mkdirSync(generated, { recursive: true });
writeFileSync(
  join(generated, 'binaries.ts'),
  `// Made from assembly/ by scripts/assemble.mjs.\nexport const binaries = {\n${entries.join('\n')}\n} as const;\n`,
);
