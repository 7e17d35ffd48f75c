import type { Command } from 'commander';
import { backendsCommand } from '../commands/backends.js';
import { buildNativeCommand, type BuildNativeFlags } from '../commands/build_native.js';
import { doctorCommand, type DoctorFlags } from '../commands/doctor.js';
import { examples, json, plugin, type Run } from './options.js';

/** The commands about what can compute here. */
export function addMachine(program: Command, run: Run): void {
  program
    .command('backends')
    .description('Test and time the backends on this machine.')
    .summary('test and time the backends on this machine')
    .addHelpText('after', examples('elbo backends', 'elbo train avb --backend cpu'))
    .addOption(json())
    .action(run(backendsCommand));
  program
    .command('doctor')
    .description(
      'Examine this machine: Node, native packages and their libraries, the GPU, copies of TensorFlow.js, and environment variables. Each problem comes with what to do about it.',
    )
    .summary('find out why a backend does not work, and what to do')
    .option('--model <name>', 'also check for kernels that this model needs and a backend lacks')
    .addOption(plugin())
    .addHelpText('after', examples('elbo doctor', 'elbo doctor --model avb --json'))
    .addOption(json())
    .action((flags: DoctorFlags) => run((output, known) => doctorCommand(flags, output, known))());
  program
    .command('build-native')
    .description(
      'Build the binding of @tensorflow/tfjs-node, or of tfjs-node-gpu, against the TensorFlow of a Python package. A failure leaves everything as it was.',
    )
    .summary('build TensorFlow for Node against a Python package')
    .requiredOption(
      '--tensorflow <folder>',
      'a virtual environment with TensorFlow 2.12 or later, or the folder of that package',
    )
    .option('--gpu', 'build the binding of tfjs-node-gpu (default: that of the installed package)')
    .addHelpText(
      'after',
      examples(
        'npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0',
        'python3 -m venv tf && tf/bin/pip install tensorflow-cpu',
        'elbo build-native --tensorflow tf',
      ),
    )
    .addOption(json())
    .action((flags: BuildNativeFlags) => run((output) => buildNativeCommand(flags, output))());
}
