// What a measurement was made on.
import { availableParallelism, cpus, totalmem } from 'node:os';

export const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  platform: `${process.platform}-${process.arch}`,
  node: process.version,
});

export const describe = ({ cpu, cores, node }) =>
  `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, Node ${node.slice(1)}`;
