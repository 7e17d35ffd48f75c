import type * as v from 'valibot';
import type { Json } from './config.js';

/** What may be given for an option, as its schema has it. */
export interface OptionType {
  /** In words: `whole number ≥ 1`. */
  readonly type: string;
  /** What it is where it is not given, if that is always the same. */
  readonly default?: Json;
}

/** What describing reads of a schema or of an action of a pipe; each sort has some of it. */
interface Part {
  readonly type: string;
  readonly wrapped?: Part;
  readonly default?: unknown;
  readonly pipe?: readonly Part[];
  readonly item?: Part;
  readonly options?: readonly unknown[];
  readonly requirement?: unknown;
}

const bounds: Readonly<Record<string, string>> = {
  min_value: '≥',
  gt_value: '>',
  max_value: '≤',
  lt_value: '<',
};

/** The type of an option in words and its default, from the schema that checks it. */
export function describeOption(entry: v.GenericSchema): OptionType {
  const { type, wrapped, default: given } = entry as unknown as Part;
  const optional = type === 'optional' || type === 'exact_optional';
  return {
    type: inWords(optional ? wrapped! : entry),
    ...(given !== undefined && { default: given as Json }),
  };
}

function inWords({ type, pipe = [], item, options = [] }: Part): string {
  const limits = pipe.flatMap(({ type: action, requirement }) =>
    action in bounds ? [`${bounds[action]!} ${String(requirement)}`] : [],
  );
  const whole = pipe.some(({ type: action }) => action.endsWith('integer'));
  const name = (): string => {
    switch (type) {
      case 'picklist':
        return options
          .map(String)
          .join(', ')
          .replace(/, ([^,]*)$/, ' or $1');
      case 'array':
        return `list: ${inWords(item!)}`;
      case 'boolean':
        return 'true or false';
      case 'number':
        return whole ? 'whole number' : 'number';
      case 'loose_object':
        return '{ "kind": … }';
      default:
        return type;
    }
  };
  return [name(), limits.join(' and ')].filter((text) => text !== '').join(' ');
}
