// Runs an application of examples/ by name, on the built packages: npm run example -- text --steps 500
import { compilePrograms, programs } from './lib/programs.mjs';
import { become } from './lib/run.mjs';

const [name, ...args] = process.argv.slice(2);
const chosen = programs().find((program) => program.name === name);
if (!chosen) {
  const names = programs().map((program) => program.name);
  console.error(`npm run example -- NAME [--steps N]; NAME is one of ${names.join(', ')}.`);
  process.exitCode = 2;
} else {
  const complaints = [...compilePrograms([chosen])].flatMap(([source, lines]) =>
    lines.map((line) => `${source}, ${line}`),
  );
  if (complaints.length > 0) {
    console.error(`${complaints.join('\n')}\nAre the packages built? npm run build`);
    process.exitCode = 1;
  } else process.exitCode = await become(chosen.script, args);
}
