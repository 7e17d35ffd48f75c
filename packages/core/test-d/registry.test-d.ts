import { expectTypeOf } from 'vitest';
import * as v from 'valibot';
import {
  createRegistry,
  defineKind,
  networkCategory,
  priorCategory,
  standardNormal,
  type Category,
  type Kind,
  type Network,
  type Prior,
} from '../src/index.js';

declare const network: Network;
const registry = createRegistry();

// What is built has the category's type, and no caller casts.
expectTypeOf(
  registry.build(priorCategory, { kind: 'standard-normal', dim: 2 }),
).toEqualTypeOf<Prior>();
expectTypeOf(registry.build(networkCategory, network.config)).toEqualTypeOf<Network>();

// Options have the types of their schema.
const kind = defineKind(
  'shifted',
  priorCategory,
  { dim: v.number(), shift: v.optional(v.number(), 0), label: v.exactOptional(v.string()) },
  (options) => {
    expectTypeOf(options).toEqualTypeOf<{ dim: number; shift: number; label?: string }>();
    return standardNormal(options.dim);
  },
);
expectTypeOf(kind).toEqualTypeOf<Kind<Prior>>();
expectTypeOf(registry.with(kind).kinds).toEqualTypeOf<readonly Kind[]>();

// @ts-expect-error a kind of priors has to build a prior
defineKind('no-prior', priorCategory, {}, () => network);
// @ts-expect-error an option that the schema does not have
defineKind('no-option', priorCategory, { dim: v.number() }, ({ size }) => standardNormal(size));
// @ts-expect-error a config names its kind
registry.build(priorCategory, { dim: 2 });
// @ts-expect-error a config is JSON
registry.build(priorCategory, { kind: 'standard-normal', dim: () => 2 });
// @ts-expect-error a category is of one type
expectTypeOf(priorCategory).toExtend<Category<Network>>();
// @ts-expect-error registries are not changed in place
registry.kinds.push(kind);
// @ts-expect-error nor are configs
network.config.kind = 'other';
