import type { GradConfig } from '@tensorflow/tfjs-core';
import { nothing, rule } from './rule.js';

const unary = ['Sign', 'Step', 'Floor', 'Ceil', 'Round', 'ZerosLike', 'OnesLike'];
const tests = ['IsNan', 'IsInf', 'IsFinite', 'LogicalNot', 'ArgMax', 'ArgMin', 'All', 'Any'];
const comparisons = ['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual'];
const logic = ['LogicalAnd', 'LogicalOr', 'LogicalXor'];

/** Kernels whose floating-point output is constant almost everywhere. */
export const locallyConstant: ReadonlySet<string> = new Set([...unary, 'FloorDiv', 'OneHot']);

/** Zero gradients, so that masks and `where` can stand in what is differentiated. */
export const constantRules: readonly GradConfig[] = [
  ...[...unary, ...tests].map((name) =>
    rule(name, { inputs: ['x'], gradient: (_, [x]) => ({ x: () => nothing(x!) }) }),
  ),
  ...[...comparisons, ...logic, 'FloorDiv'].map((name) =>
    rule(name, {
      inputs: ['a', 'b'],
      gradient: (_, [a, b]) => ({ a: () => nothing(a!), b: () => nothing(b!) }),
    }),
  ),
  rule('OneHot', {
    inputs: ['indices'],
    gradient: (_, [indices]) => ({ indices: () => nothing(indices!) }),
  }),
];
