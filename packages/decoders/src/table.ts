import {
  boundedLogScale,
  couplingOf,
  defineKind,
  exactly,
  expectGiven,
  nested,
  networkCategory,
  positive,
  table,
  tableLayout,
  tensorAt,
  whole,
  type Kind,
  type Network,
  type TableColumn,
} from '@elbo/core';
import { decoderCategory, type Decoder } from '@elbo/objectives';
import { add, slice, zeros, zerosLike, type Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { expectData, outputOf } from './output.js';

/** What a decoder of tables is made of. */
export interface TableDecoderOptions {
  /** Makes features of (z, condition); a linear layer on top makes the parameters of each column. */
  readonly network: Network;
  /** Numbers, then counts, then categories. */
  readonly columns: readonly TableColumn[];
}

/**
 * p(x|z) of the rows of a table: independent given z, a normal for each number, a discretised logistic for each count, each
 * with a scale that is learned, and a categorical for each category. What is missing from a row is not modelled: log p is
 * that of what is seen (see `table` of `@elbo/core`).
 *
 * @throws ConfigError unless there are columns, in this order.
 */
export function tableDecoder(options: TableDecoderOptions): Decoder {
  expectGiven('tableDecoder', options, 'network', 'columns');
  const { network, columns } = options;
  const layout = tableLayout(columns);
  const scaled = layout.numbers + layout.counts;
  const logits = layout.categories.reduce((sum, { size }) => sum + size, 0);
  const output = outputOf({ network, shape: [scaled + logits] }, 'tableDecoder');
  return {
    config: {
      kind: 'table',
      network: network.config,
      columns: columns.map((column) => ({ ...column })),
    },
    ...couplingOf(network),
    support: { kind: 'real' },
    init: (key, latent, x, condition) => {
      expectData(x, [layout.width], 'tableDecoder');
      const made = output.init(key, latent, [scaled + logits], condition);
      return scaled > 0 ? { ...made, logScales: zeros([scaled]) } : made;
    },
    likelihood: (params, mode, z, condition) => {
      const made = output.apply(params, mode, z, condition) as Tensor2D;
      const [rows] = made.shape;
      const locations = slice(made, [0, 0], [rows, scaled]);
      const logScales =
        scaled > 0
          ? add<Tensor2D>(zerosLike(locations), boundedLogScale(tensorAt(params, 'logScales')))
          : locations;
      return table(columns, {
        locations,
        logScales,
        logits: slice(made, [0, scaled], [rows, logits]),
      });
    },
  };
}

const missing = v.exactOptional(v.boolean());
const column: v.GenericSchema<unknown, TableColumn> = v.variant('type', [
  exactly({ type: v.literal('number'), missing }),
  exactly({
    type: v.literal('count'),
    zero: v.exactOptional(v.pipe(v.number(), v.finite())),
    width: v.exactOptional(positive),
    missing,
  }),
  exactly({ type: v.literal('category'), size: whole(1), missing }),
]);

/** Builds a decoder of tables from its config. */
export const tableKind: Kind<Decoder> = defineKind(
  'table',
  decoderCategory,
  { network: nested, columns: v.array(column) },
  ({ network, columns }, registry) =>
    tableDecoder({ network: registry.build(networkCategory, network), columns }),
);
